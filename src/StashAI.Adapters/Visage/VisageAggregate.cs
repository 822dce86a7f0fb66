using System.Text.Json.Serialization;

namespace StashAI.Adapters.Visage;

/// <summary>The summary of a batch of photos.</summary>
/// <param name="Images">The number of photos that were analysed.</param>
/// <param name="ImagesWithFaces">The number of photos with a face.</param>
/// <param name="Faces">The number of faces in all photos.</param>
/// <param name="People">The people, those with the most faces first; <see cref="VisageFold"/> limits their number.</param>
/// <param name="FacesOfOthers">The number of faces of people who are not in the list.</param>
internal sealed record VisageAggregate(int Images, int ImagesWithFaces, int Faces, IReadOnlyList<VisagePerson> People, int FacesOfOthers);

/// <summary>One person of a batch.</summary>
/// <param name="Id">The person's id in the service.</param>
/// <param name="Name">The person's name in the service.</param>
/// <param name="Images">The number of photos with the person.</param>
/// <param name="Faces">The number of faces whose best match is the person.</param>
/// <param name="BestConfidence">The confidence of the best match, as the service returned it.</param>
/// <param name="Items">The positions in the job of the first photos with the person.</param>
internal sealed record VisagePerson(string Id, string Name, int Images, int Faces, double BestConfidence, IReadOnlyList<int> Items);

/// <summary>The JSON of the summary.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VisageAggregate))]
internal sealed partial class VisageJson : JsonSerializerContext;
