namespace StashAI.Visage.Api.Requests;

/// <summary>A photo to look at.</summary>
internal sealed record PredictRequest
{
    public ImageBytes? ImageData { get; init; }

    /// <summary>Another name of <see cref="ImageData"/>.</summary>
    public ImageBytes? Image { get; init; }

    /// <summary>The least confidence of a match, 0 to 1; none = the service's default.</summary>
    public double? Threshold { get; init; }

    /// <summary>The most people per face.</summary>
    public int? Results { get; init; }

    /// <summary>How closely to look: fast, auto (default) or fine.</summary>
    public string? Detail { get; init; }

    /// <summary>Adds the 512 numbers of each face.</summary>
    public bool? ReturnEmbeddings { get; init; }
}
