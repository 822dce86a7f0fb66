namespace StashAI.Server.Cli.Backups;

/// <summary>Numbers of bytes as people read them.</summary>
internal static class Sizes
{
    public static string Text(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} bytes",
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1e3:0.0} KB"),
        < 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
        _ => FormattableString.Invariant($"{bytes / 1e9:0.0} GB"),
    };
}
