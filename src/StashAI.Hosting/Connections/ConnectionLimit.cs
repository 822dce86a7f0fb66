namespace StashAI.Hosting.Connections;

/// <summary>How many connections a server accepts at once.</summary>
public static class ConnectionLimit
{
    public const string Setting = "MAX_CONNECTIONS";

    private const int DefaultLimit = 20_000;

    /// <summary>
    /// Open files that are not connections of clients: about 250 after the start, most of them assemblies, and more as assemblies are
    /// loaded; database readers; and connections beyond the limit that are not closed yet.
    /// </summary>
    private const int ReservedFiles = 448;

    /// <summary>
    /// The most connections that leave enough open files for the store and for <paramref name="upstreamCalls"/> parallel calls to services.
    /// </summary>
    public static long Maximum(long? fileLimit, int upstreamCalls) =>
        fileLimit is { } files ? Math.Max(files - ReservedFiles - 4L * upstreamCalls, Math.Max(4, files / 8)) : int.MaxValue;

    /// <summary>The limit when the operator sets none.</summary>
    public static int Default(long? fileLimit, int upstreamCalls) => (int)Math.Min(DefaultLimit, Maximum(fileLimit, upstreamCalls));
}
