namespace StashAI.Visage.Api.Responses.Faces;

/// <summary>
/// A person found for a face. <see cref="Confidence"/> is a whole percentage, <see cref="Distance"/> is 1 - cosine, and <see cref="Hits"/>
/// is the number of the person's enrolled faces that reach the threshold.
/// </summary>
internal sealed record PerformerDto(
    string Id, string Name, int Confidence, string Image, string Country, int Hits, double Distance, string PerformerUrl, double Cosine);
