using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>
/// The people of a photo or a video: for each person who is the best match of a face, the best confidence of these faces, as the service
/// returned it.
/// </summary>
internal sealed class VisageSubjects : IResultSubjects
{
    public IReadOnlyList<ResultSubject> Read(ReadOnlyMemory<byte> output)
    {
        using var document = JsonDocument.Parse(output);
        return
        [
            .. VisageFaces.Of(document.RootElement).OfType<VisageFace>().GroupBy(face => face.PersonId, StringComparer.Ordinal)
                .Select(faces => new ResultSubject(faces.Key, faces.Max(face => face.Confidence)))
                .OrderByDescending(person => person.Score).Take(IResultSubjects.MaxSubjects),
        ];
    }
}
