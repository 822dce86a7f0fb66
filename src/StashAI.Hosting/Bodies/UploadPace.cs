namespace StashAI.Hosting.Bodies;

/// <summary>The slowest rate at which the body of a request may arrive.</summary>
/// <param name="BytesPerSecond">The lowest average rate; 0 for no limit.</param>
/// <param name="Window">The time over which the rate is measured. Only the time that the server waits for the client counts.</param>
public sealed record UploadPace(long BytesPerSecond, TimeSpan Window)
{
    public const string Setting = "MIN_UPLOAD_BYTES_PER_SECOND";
    public const string WindowSetting = "MIN_UPLOAD_SECONDS";

    /// <summary>30 KB in five minutes: slower than a modem, and a phone may lose its connection for a while.</summary>
    public static UploadPace Default { get; } = new(100, TimeSpan.FromMinutes(5));

    /// <summary>The bytes that must arrive in one window.</summary>
    public double BytesPerWindow => BytesPerSecond * Window.TotalSeconds;
}
