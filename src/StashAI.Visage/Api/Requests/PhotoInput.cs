using System.Text.Json.Serialization;

namespace StashAI.Visage.Api.Requests;

/// <summary>A photo: a base64 string, or <c>{"image": base64, "face": {"x", "y"} or {"index"}}</c>.</summary>
[JsonConverter(typeof(PhotoInputConverter))]
internal sealed record PhotoInput(ImageBytes Image, FaceChoice? Face);
