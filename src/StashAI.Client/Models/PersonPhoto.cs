using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>A photo of a job that shows a person.</summary>
public sealed record PersonPhoto
{
    /// <summary>The id of the task whose result shows the person.</summary>
    public Guid TaskId { get; init; }

    /// <summary>The id of the job.</summary>
    public Guid JobId { get; init; }

    /// <summary>The name of the job; null for none.</summary>
    public string? JobName { get; init; }

    /// <summary>The id that the submit gave the photo; null where it gave none.</summary>
    public JsonElement? ItemId { get; init; }

    /// <summary>The name of the photo's file, or another that the submit gave it; null for none.</summary>
    [JsonPropertyName("item_name")]
    public string? GivenName { get; init; }

    /// <summary>How certain the best match is, 0 to 1.</summary>
    public double Confidence { get; init; }

    /// <summary>The faces whose best match is the person.</summary>
    public IReadOnlyList<PersonPhotoFace> Faces { get; init; } = [];

    /// <summary>Where the photo can be fetched, with the same key as other calls; null when it is not stored, or not any more.</summary>
    public string? PhotoUrl { get; init; }

    /// <summary>When the task completed.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What to call the photo: <see cref="GivenName"/>, or else <see cref="ItemId"/> as text; null for neither.</summary>
    [JsonIgnore]
    public string? ItemName =>
        GivenName ?? (ItemId is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } id ? id.ToString() : null);
}

/// <summary>A face of a person on a photo or in a video.</summary>
public sealed record PersonPhotoFace
{
    /// <summary>The position of the face in <c>data[0]</c> of the result, or among the faces of all frames of a video.</summary>
    public int Face { get; init; }

    /// <summary>How certain the match is, 0 to 1.</summary>
    public double Confidence { get; init; }

    /// <summary>
    /// Where the face is, in pixels: <c>x</c>, <c>y</c>, <c>width</c> and <c>height</c>; null when the service does not say.
    /// </summary>
    public JsonElement? Box { get; init; }

    /// <summary>When the face is seen in a video, in seconds; null for a photo, and for the cover of a video.</summary>
    public double? Time { get; init; }
}

/// <summary>A person whom results of a job show.</summary>
public sealed record PersonInJob
{
    /// <summary>The id in the results.</summary>
    public string Id { get; init; } = "";

    /// <summary>The name in the gallery, or that of the results for somebody who is not in it any more.</summary>
    public string Name { get; init; } = "";

    /// <summary>The address of a picture; null for none.</summary>
    public string? Image { get; init; }

    /// <summary>How many faces are enrolled; 0 for somebody who is not in the gallery any more.</summary>
    public int Faces { get; init; }

    /// <summary>How many photos of the job show the person.</summary>
    public int Photos { get; init; }

    /// <summary>The best match in the job, 0 to 1.</summary>
    public double BestConfidence { get; init; }
}

/// <summary>Somebody who is on photos of a person.</summary>
public sealed record Companion
{
    /// <summary>The id in the results.</summary>
    public string Id { get; init; } = "";

    /// <summary>The name; null when no result has it any more.</summary>
    public string? Name { get; init; }

    /// <summary>How many photos show both.</summary>
    public int Photos { get; init; }
}
