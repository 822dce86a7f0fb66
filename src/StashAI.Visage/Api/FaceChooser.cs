using StashAI.Visage.Api.Requests;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Finds the face of a photo that a request means.</summary>
internal static class FaceChooser
{
    /// <summary>A face is meant without being named when it is this many times as large as the next one.</summary>
    private const float Dominance = 3;

    /// <summary>A point may miss the box by this part of its size: people click near a face.</summary>
    private const float Slack = 0.2f;

    /// <exception cref="RequestRefusedException">No face, or no way to tell which one; the faces are listed.</exception>
    public static DetectedFace Choose(AnalysedPhoto photo, FaceChoice? choice, string field)
    {
        if (photo.Faces.Count == 0)
            throw RequestRefusedException.Unprocessable(field, $"{field} shows no face. Nothing was enrolled; send a photo with a clear face.");

        return choice switch
        {
            null or { X: null, Y: null, Index: null } => Dominant(photo, field),
            { Index: { } index, X: null, Y: null } => index >= 0 && index < photo.Faces.Count
                ? photo.Faces[index]
                : throw Ask(photo, field, $"has {photo.Faces.Count} faces, and none with the index {index} (they are counted from 0)"),
            { X: { } x, Y: { } y, Index: null } => At(photo, x, y) ?? throw Ask(photo, field, $"has no face at x {x}, y {y}"),
            _ => throw RequestRefusedException.Unprocessable(field, """face must be {"x": .., "y": ..} or {"index": ..}."""),
        };
    }

    /// <summary>The face that is chosen among those of a photo; null for no choice, or a photo without a face.</summary>
    /// <exception cref="RequestRefusedException">There is no such face; the faces are listed.</exception>
    public static DetectedFace? Chosen(AnalysedPhoto photo, FaceChoice? choice, string field)
    {
        if (photo.Faces.Count == 0)
            return null;

        return choice switch
        {
            null or { X: null, Y: null, Index: null } => null,
            { Index: { } index, X: null, Y: null } when index >= 0 && index < photo.Faces.Count => photo.Faces[index],
            { X: { } x, Y: { } y, Index: null } when At(photo, x, y) is { } face => face,
            { Index: not null, X: null, Y: null } or { X: not null, Y: not null, Index: null } => throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity, $"{field} is none of the {photo.Faces.Count} faces of the photo.")
            {
                Field = field,
                Faces = FaceShapes.Options(photo),
            },
            _ => throw RequestRefusedException.Unprocessable(field, $$"""{{field}} must be {"x": .., "y": ..} or {"index": ..}."""),
        };
    }

    private static DetectedFace? At(AnalysedPhoto photo, float x, float y) => photo.Faces
        .Where(face => MathF.Abs(face.Box.Centre.X - x) <= face.Box.SpanX * (0.5f + Slack) && MathF.Abs(face.Box.Centre.Y - y) <= face.Box.SpanY * (0.5f + Slack))
        .MinBy(face => MathF.Abs(face.Box.Centre.X - x) + MathF.Abs(face.Box.Centre.Y - y));

    private static DetectedFace Dominant(AnalysedPhoto photo, string field)
    {
        var bySize = photo.Faces.OrderByDescending(face => face.Box.Area).Take(2).ToList();
        return bySize.Count == 1 || bySize[0].Box.Area >= Dominance * bySize[1].Box.Area
            ? bySize[0]
            : throw Ask(photo, field, $"shows {photo.Faces.Count} faces and does not say which one is meant");
    }

    private static RequestRefusedException Ask(AnalysedPhoto photo, string field, string reason) =>
        new(StatusCodes.Status422UnprocessableEntity, $$"""{{field}} {{reason}}. Nothing was enrolled; choose with "face": {"x": .., "y": ..} or {"index": ..}.""")
        {
            Field = field,
            Faces = FaceShapes.Options(photo),
        };
}
