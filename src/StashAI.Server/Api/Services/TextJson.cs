using System.Text.Json.Serialization;

namespace StashAI.Server.Api.Services;

/// <summary>Texts as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
