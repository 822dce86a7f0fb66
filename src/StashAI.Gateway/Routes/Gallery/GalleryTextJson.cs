using System.Text.Json.Serialization;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>Texts of forms, and lines about the photos of a folder, as JSON.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ImportedPhoto))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class GalleryTextJson : JsonSerializerContext;
