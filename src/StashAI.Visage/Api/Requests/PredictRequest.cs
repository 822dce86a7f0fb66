namespace StashAI.Visage.Api.Requests;

/// <summary>A photo to search for faces.</summary>
internal sealed record PredictRequest
{
    public ImageBytes? ImageData { get; init; }

    /// <summary>An alternative name for <see cref="ImageData"/>.</summary>
    public ImageBytes? Image { get; init; }

    /// <summary>The lowest confidence of a match, 0 to 1; null for the service's default.</summary>
    public double? Threshold { get; init; }

    /// <summary>The most people to return per face.</summary>
    public int? Results { get; init; }

    /// <summary>How closely to search for faces: fast, auto (default) or fine.</summary>
    public string? Detail { get; init; }

    /// <summary>True to return the embedding of each face (512 numbers).</summary>
    public bool? ReturnEmbeddings { get; init; }
}
