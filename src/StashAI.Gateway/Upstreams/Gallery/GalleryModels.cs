using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Gateway.Upstreams.Gallery;

/// <summary>A person as the face service tells it.</summary>
internal sealed record GalleryPerson(
    Guid Id, string Name, int Faces, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Country = null, string? Image = null,
    string? PerformerUrl = null, JsonElement? Enrolled = null);

/// <summary>The person who had faces, and the one who has them now.</summary>
internal sealed record GallerySplit(GalleryPerson From, GalleryPerson Into);

/// <summary>A page of people.</summary>
internal sealed record GalleryPage(IReadOnlyList<GalleryPerson> People, long TotalCount, string? NextAfter = null);

/// <summary>An enrolled face.</summary>
internal sealed record GalleryFace(Guid Id, double Quality, DateTimeOffset CreatedAt);

/// <summary>The enrolled faces of a person.</summary>
internal sealed record GalleryFaces(IReadOnlyList<GalleryFace> Faces);

/// <summary>A face that is not of a person, and where it comes from.</summary>
internal sealed record GalleryRejection(Guid Id, string Source, DateTimeOffset CreatedAt);

/// <summary>Rejections of a person.</summary>
internal sealed record GalleryRejections(IReadOnlyList<GalleryRejection> Rejections);

/// <summary>What an import added.</summary>
internal sealed record GalleryImport(int PeopleAdded, int FacesAdded);

/// <summary>A refusal of the face service.</summary>
internal sealed record GalleryRefusal(
    string? Detail = null, string? Field = null, Guid? PersonId = null, JsonElement? Faces = null);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GalleryPerson))]
[JsonSerializable(typeof(GallerySplit))]
[JsonSerializable(typeof(GalleryPage))]
[JsonSerializable(typeof(GalleryFaces))]
[JsonSerializable(typeof(GalleryRejection))]
[JsonSerializable(typeof(GalleryRejections))]
[JsonSerializable(typeof(GalleryImport))]
[JsonSerializable(typeof(GalleryRefusal))]
[JsonSerializable(typeof(Guid))]
internal sealed partial class GalleryJson : JsonSerializerContext;
