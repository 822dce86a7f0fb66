using System.Text.Json.Serialization;

namespace StashAI.Gateway.Submit.Results;

/// <summary>How a link is written as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class PictureJson : JsonSerializerContext;
