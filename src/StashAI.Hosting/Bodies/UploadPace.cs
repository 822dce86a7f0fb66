namespace StashAI.Hosting.Bodies;

/// <summary>The slowest pace at which the body of a request may arrive.</summary>
/// <param name="BytesPerSecond">The least on average; 0 for no limit.</param>
/// <param name="Window">Over how long it is measured, counting only the time that the server waits for the client.</param>
public sealed record UploadPace(long BytesPerSecond, TimeSpan Window)
{
    public const string Setting = "MIN_UPLOAD_BYTES_PER_SECOND";
    public const string WindowSetting = "MIN_UPLOAD_SECONDS";

    /// <summary>30 KB in five minutes: a modem is faster, and a phone may be out of reach for a while.</summary>
    public static UploadPace Default { get; } = new(100, TimeSpan.FromMinutes(5));

    /// <summary>Bytes that one window has to bring.</summary>
    public double BytesPerWindow => BytesPerSecond * Window.TotalSeconds;
}
