using System.Text.Json;

namespace StashAI.Adapters.Visage;

/// <summary>The faces of a video in the order in which they are kept.</summary>
internal static class VideoFaces
{
    public const string Cover = "cover";
    public const string Faces = "faces";
    public const string Frames = "frames";
    public const string Start = "start";

    /// <summary>
    /// The faces of all frames with their times, and then those of the cover, if it is none of the frames; null for an answer that is not
    /// about a video.
    /// </summary>
    public static IEnumerable<(JsonElement Face, double? Time)>? Of(JsonElement answer)
    {
        if (FramesOf(answer) is not { } frames) return null;
        var ofFrames = frames.SelectMany(frame => In(frame).Select(face => (face, TimeOf(frame, Start))));
        return CoverOf(answer) is not { } cover || IndexOfCover(frames, cover) is not null
            ? ofFrames
            : ofFrames.Concat(In(cover).Select(face => (face, (double?)null)));
    }

    /// <summary>The frames of a video; null for an answer that is not about a video.</summary>
    public static List<JsonElement>? FramesOf(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(Frames, out var frames)
        && frames.ValueKind == JsonValueKind.Array
            ? [.. frames.EnumerateArray()]
            : null;

    /// <summary>The cover; null without one.</summary>
    public static JsonElement? CoverOf(JsonElement answer) =>
        answer.TryGetProperty(Cover, out var cover) && cover.ValueKind == JsonValueKind.Object ? cover : null;

    /// <summary>The position of the frame that is the cover; null for one that is none, such as an attached picture.</summary>
    public static int? IndexOfCover(List<JsonElement> frames, JsonElement cover)
    {
        if (TimeOf(cover, "time") is not { } time) return null;
        var index = frames.FindIndex(frame => TimeOf(frame, Start) == time && In(frame).Count() == In(cover).Count());
        return index < 0 ? null : index;
    }

    /// <summary>The faces of a frame or a cover.</summary>
    public static IEnumerable<JsonElement> In(JsonElement frame) =>
        frame.ValueKind == JsonValueKind.Object && frame.TryGetProperty(Faces, out var faces) && faces.ValueKind == JsonValueKind.Array
            ? faces.EnumerateArray().Where(face => face.ValueKind == JsonValueKind.Object)
            : [];

    private static double? TimeOf(JsonElement frame, string name) =>
        frame.ValueKind == JsonValueKind.Object && frame.TryGetProperty(name, out var time) && time.ValueKind == JsonValueKind.Number
        && time.TryGetDouble(out var seconds)
            ? seconds
            : null;
}
