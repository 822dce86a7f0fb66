namespace StashAI.Server.Demo;

/// <summary>The result of one photo of the batch.</summary>
/// <param name="Error">Why its task did not complete; null when it did.</param>
/// <param name="Milliseconds">Processing time of its task; null when it never ran.</param>
internal sealed record PhotoResult(DemoPhoto Photo, IReadOnlyList<DemoFace> Faces, double? Milliseconds, string? Error)
{
    public bool Completed => Error is null;
}

/// <summary>A face in a photo.</summary>
/// <param name="Box">The position in pixels of the upright photo; null if the service did not report it.</param>
/// <param name="Match">The most similar known person above the threshold; null for a stranger.</param>
internal sealed record DemoFace(FaceBox? Box, FaceMatch? Match);

/// <summary>A rectangle in pixels of the upright photo.</summary>
internal sealed record FaceBox(double X, double Y, double Width, double Height);

/// <summary>A known person that a face was matched with.</summary>
/// <param name="Percent">The confidence in percent, 0 to 100.</param>
internal sealed record FaceMatch(string PersonId, string Name, int Percent)
{
    /// <summary>The confidence for people. The service rounds to 100, but nothing is certain, so that is not shown.</summary>
    public string Confidence => Percent >= 100 ? "> 99 %" : $"{Percent} %";
}
