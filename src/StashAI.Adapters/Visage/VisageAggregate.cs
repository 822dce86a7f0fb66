using System.Text.Json.Serialization;

namespace StashAI.Adapters.Visage;

/// <summary>What a batch of photos shows.</summary>
/// <param name="Images">Photos that were looked at.</param>
/// <param name="ImagesWithFaces">Those with a face.</param>
/// <param name="Faces">Faces on them.</param>
/// <param name="People">Who they are, most faces first; see <see cref="VisageFold"/> for the bounds.</param>
/// <param name="FacesOfOthers">Faces of people that the list has no room for.</param>
internal sealed record VisageAggregate(int Images, int ImagesWithFaces, int Faces, IReadOnlyList<VisagePerson> People, int FacesOfOthers);

/// <summary>One person of a batch.</summary>
/// <param name="Id">As the service says.</param>
/// <param name="Name">As the service says.</param>
/// <param name="Images">Photos with the person.</param>
/// <param name="Faces">Faces that are most like the person.</param>
/// <param name="BestConfidence">Of the best match, as the service says.</param>
/// <param name="Items">The places in the job of the first photos.</param>
internal sealed record VisagePerson(string Id, string Name, int Images, int Faces, double BestConfidence, IReadOnlyList<int> Items);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VisageAggregate))]
internal sealed partial class VisageJson : JsonSerializerContext;
