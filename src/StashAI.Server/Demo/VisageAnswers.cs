using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Server.Demo;

/// <summary>Reads the answer of a Visage service's <c>predict_1</c>: <c>{"data":[[{image, confidence, performers, box}]]}</c>.</summary>
internal static class VisageOutput
{
    /// <returns>The faces from left to right.</returns>
    public static IReadOnlyList<DemoFace> ReadFaces(JsonElement output)
    {
        if (output.ValueKind != JsonValueKind.Object
            || !output.TryGetProperty("data", out var data)
            || data.ValueKind != JsonValueKind.Array)
        {
            return [];
        }
        return
        [
            .. data.EnumerateArray()
                .Where(group => group.ValueKind == JsonValueKind.Array)
                .SelectMany(group => group.EnumerateArray())
                .Select(face => new DemoFace(ReadBox(face), ReadMatch(face)))
                .OrderBy(face => face.Box?.X ?? 0),
        ];
    }

    private static FaceBox? ReadBox(JsonElement face) =>
        face.TryGetProperty("box", out var box) && box.ValueKind == JsonValueKind.Object
        && Number(box, "x") is { } x && Number(box, "y") is { } y
        && Number(box, "width") is { } width && Number(box, "height") is { } height
            ? new FaceBox(x, y, width, height)
            : null;

    private static FaceMatch? ReadMatch(JsonElement face)
    {
        if (!face.TryGetProperty("performers", out var performers)
            || performers.ValueKind != JsonValueKind.Array
            || performers.GetArrayLength() == 0)
        {
            return null;
        }
        var best = performers[0];
        return Text(best, "name") is { } name
            ? new FaceMatch(Text(best, "id") ?? name, name, (int)Math.Round(Number(best, "confidence") ?? 0))
            : null;
    }

    private static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A point in pixels of the upright photo.</summary>
internal sealed record FacePoint(int X, int Y);

/// <summary>The fields of a person of the gallery that the demo reads.</summary>
internal sealed record EnrolAnswer(string Id, IReadOnlyList<EnrolledFace>? Enrolled)
{
    public FaceBox? Face => Enrolled is [{ Box: { } box }, ..] ? box : null;
}

/// <summary>The members of an enrolment besides its photos.</summary>
internal sealed record EnrolRequest(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FacePoint? Face);

internal sealed record EnrolledFace(FaceBox? Box);

/// <summary>The fields of problem details that the demo reads; the face service lists the faces to choose from.</summary>
internal sealed record ProblemAnswer(string? Title, string? Detail, IReadOnlyList<JsonElement>? Faces);
