using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Gallery;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Who is on the frames of a video, whether they come from its sprite sheet or from the video itself.</summary>
internal static class FrameMatching
{
    /// <summary>The faces of a frame with the people of the gallery who match them.</summary>
    public static List<FaceDto> FindFaces(KnownPeople people, AnalysedPhoto frame, MatchSettings settings, HttpRequest http)
    {
        var matches = FaceMatching.Match(people, [.. frame.Faces.Select(face => face.Embedding.Vector)], settings);
        return [.. frame.Faces.Select((face, i) => DtoMapping.Face(
            face, [.. matches[i].Take(settings.Results).Select(match => DtoMapping.Performer(match, http))],
            FaceMatching.IsAmbiguous(matches[i]), withEmbedding: false))];
    }

    /// <summary>The people of the frames by the best match of each face, those on most frames first.</summary>
    public static List<AppearanceDto> FindPeople(IEnumerable<FrameDto> frames) =>
    [
        .. frames.SelectMany(
            frame => frame.Faces.Where(face => face.Performers.Count > 0).Select(face => (frame.Start, Performer: face.Performers[0])))
            .GroupBy(seen => seen.Performer.Id)
            .Select(seen => new AppearanceDto(
                seen.MaxBy(face => face.Performer.Cosine).Performer,
                seen.Select(face => face.Start).Distinct().Count(),
                [.. seen.Select(face => face.Start).Distinct().Order()]))
            .OrderByDescending(person => person.Frames),
    ];
}
