namespace StashAI.Hosting.Connections;

/// <summary>How many connections a server takes at once.</summary>
public static class ConnectionLimit
{
    public const string Setting = "MAX_CONNECTIONS";

    private const int Usual = 20_000;

    /// <summary>
    /// Files of the program itself: about 250 at the start, most of them assemblies, of which more are loaded later; readers of the database; and
    /// connections that were accepted or told to end and are not closed yet.
    /// </summary>
    private const int Reserve = 448;

    /// <summary>The most connections that leave room for the store and <paramref name="calls"/> calls to services.</summary>
    public static long Highest(long? fileLimit, int calls) =>
        fileLimit is { } files ? Math.Max(files - Reserve - 4L * calls, Math.Max(4, files / 8)) : int.MaxValue;

    /// <summary>The limit unless the operator says otherwise.</summary>
    public static int Default(long? fileLimit, int calls) => (int)Math.Min(Usual, Highest(fileLimit, calls));
}
