using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>A face of the person on a photo or in a video.</summary>
/// <param name="Face">Its position in <c>data[0]</c> of the result, or among the faces of all frames of a video.</param>
/// <param name="Confidence">How certain the match is, 0 to 1.</param>
/// <param name="Box">Where it is; null when the service does not say.</param>
/// <param name="Time">When it is in a video, in seconds; null for a photo, and for the cover of a video.</param>
internal sealed record AlbumFaceShape(int Face, double Confidence, JsonObject? Box, double? Time);

/// <summary>A photo or a video that shows a person.</summary>
internal sealed record AlbumPhotoShape(Guid TaskId, Guid JobId, string? JobName)
{
    public JsonNode? ItemId { get; init; }

    public string? ItemName { get; init; }

    /// <summary>The best confidence of the faces.</summary>
    public required double Confidence { get; init; }

    public required IReadOnlyList<AlbumFaceShape> Faces { get; init; }

    /// <summary>Where the photo can be fetched; null when it is not stored, or not any more.</summary>
    public required string? PhotoUrl { get; init; }

    public required DateTimeOffset? CompletedAt { get; init; }
}

/// <summary>A page of photos.</summary>
internal sealed record AlbumPhotoPageShape(IReadOnlyList<AlbumPhotoShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>Somebody who is on photos of a person.</summary>
internal sealed record CompanionShape(string Id, string? Name, int Photos);

/// <summary>A page of people.</summary>
internal sealed record CompanionPageShape(IReadOnlyList<CompanionShape> Data, string? Next, long Total, bool TotalIsExact);
