using System.Text.Json.Serialization;

namespace StashAI.Gateway.Wire.Json;

/// <summary>Texts as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
