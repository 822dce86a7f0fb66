using System.Text.Json.Serialization;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>Texts as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
