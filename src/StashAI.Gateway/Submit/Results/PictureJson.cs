using System.Text.Json.Serialization;

namespace StashAI.Gateway.Submit.Results;

/// <summary>JSON serialization of links.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class PictureJson : JsonSerializerContext;
