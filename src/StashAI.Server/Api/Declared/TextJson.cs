using System.Text.Json.Serialization;

namespace StashAI.Server.Api.Declared;

/// <summary>Texts as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
