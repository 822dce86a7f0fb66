using StashAI.Visage.Api.Requests;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Finds the face of a photo that a request chooses.</summary>
internal static class FaceChooser
{
    /// <summary>Without a choice, the largest face is taken if it is at least this many times as large as the next one.</summary>
    private const float Dominance = 3;

    /// <summary>How far a point may lie outside a box, as a share of the box's size: people click near a face.</summary>
    private const float Slack = 0.2f;

    /// <exception cref="RequestRefusedException">
    /// The photo has no face, or it is unclear which face is meant; the error lists the faces.
    /// </exception>
    public static DetectedFace RequireFace(AnalysedPhoto photo, FaceChoice? choice, string field)
    {
        if (photo.Faces.Count == 0)
        {
            throw RequestRefusedException.Unprocessable(
                field, $"{field} has no face. Nothing was enrolled; send a photo with a clear face.");
        }

        return choice switch
        {
            null or { X: null, Y: null, Index: null } => Dominant(photo, field),
            { Index: { } index, X: null, Y: null } => index >= 0 && index < photo.Faces.Count
                ? photo.Faces[index]
                : throw NoChoice(photo, field, $"has {photo.Faces.Count} faces, and none has the index {index} (the first is 0)"),
            { X: { } x, Y: { } y, Index: null } => FaceAt(photo, x, y) ?? throw NoChoice(photo, field, $"has no face at x {x}, y {y}"),
            _ => throw RequestRefusedException.Unprocessable(field, """face must be {"x": .., "y": ..} or {"index": ..}."""),
        };
    }

    /// <summary>The chosen face of a photo; null when nothing was chosen or the photo has no face.</summary>
    /// <exception cref="RequestRefusedException">The photo does not have the chosen face; the error lists the faces.</exception>
    public static DetectedFace? FindChosen(AnalysedPhoto photo, FaceChoice? choice, string field)
    {
        if (photo.Faces.Count == 0)
            return null;

        return choice switch
        {
            null or { X: null, Y: null, Index: null } => null,
            { Index: { } index, X: null, Y: null } when index >= 0 && index < photo.Faces.Count => photo.Faces[index],
            { X: { } x, Y: { } y, Index: null } when FaceAt(photo, x, y) is { } face => face,
            { Index: not null, X: null, Y: null } or { X: not null, Y: not null, Index: null } => throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                $"{field} does not choose one of the {photo.Faces.Count} faces of the photo: use the index or a point of one of them.")
            {
                Field = field,
                Faces = DtoMapping.Options(photo),
            },
            _ => throw RequestRefusedException.Unprocessable(field, $$"""{{field}} must be {"x": .., "y": ..} or {"index": ..}."""),
        };
    }

    private static DetectedFace? FaceAt(AnalysedPhoto photo, float x, float y) => photo.Faces
        .Where(face => MathF.Abs(face.Box.Centre.X - x) <= face.Box.SpanX * (0.5f + Slack)
            && MathF.Abs(face.Box.Centre.Y - y) <= face.Box.SpanY * (0.5f + Slack))
        .MinBy(face => MathF.Abs(face.Box.Centre.X - x) + MathF.Abs(face.Box.Centre.Y - y));

    private static DetectedFace Dominant(AnalysedPhoto photo, string field)
    {
        var bySize = photo.Faces.OrderByDescending(face => face.Box.Area).Take(2).ToList();
        return bySize.Count == 1 || bySize[0].Box.Area >= Dominance * bySize[1].Box.Area
            ? bySize[0]
            : throw NoChoice(photo, field, $"has {photo.Faces.Count} faces, and the request does not choose one");
    }

    private static RequestRefusedException NoChoice(AnalysedPhoto photo, string field, string reason) =>
        new(
            StatusCodes.Status422UnprocessableEntity,
            $$"""{{field}} {{reason}}. Nothing was enrolled; choose with "face": {"x": .., "y": ..} or {"index": ..}.""")
        {
            Field = field,
            Faces = DtoMapping.Options(photo),
        };
}
