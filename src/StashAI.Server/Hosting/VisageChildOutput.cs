using System.Text.RegularExpressions;

namespace StashAI.Server.Hosting;

/// <summary>Parses the child's output: its ready line, and the level that its console logger writes before each entry.</summary>
internal static partial class VisageChildOutput
{
    /// <summary>What begins a line that says why it does not start: its own words, or those of the command line for a setting.</summary>
    private static readonly string[] Failures = ["Visage cannot start:", "stashai visage:"];

    /// <summary>The child's address if this is its ready line, otherwise null. The address has no path and no final slash.</summary>
    public static Uri? ReadyAddress(string line) =>
        ReadyLine().Match(line) is { Success: true } match
        && Uri.TryCreate(match.Groups["address"].Value, UriKind.Absolute, out var address)
            ? address
            : null;

    /// <summary>Why the child could not start, if this line says so.</summary>
    public static string? Failure(string line) =>
        Array.Find(Failures, one => line.StartsWith(one, StringComparison.Ordinal)) is { } beginning
            ? line[beginning.Length..].Trim()
            : null;

    /// <summary>The level of an entry's first line; null for a line that belongs to the entry before it.</summary>
    public static LogLevel? Level(string line) => line.AsSpan().TrimStart() switch
    {
        ['t', 'r', 'c', 'e', ':', ..] => LogLevel.Trace,
        ['d', 'b', 'u', 'g', ':', ..] => LogLevel.Debug,
        ['i', 'n', 'f', 'o', ':', ..] => LogLevel.Information,
        ['w', 'a', 'r', 'n', ':', ..] => LogLevel.Warning,
        ['f', 'a', 'i', 'l', ':', ..] => LogLevel.Error,
        ['c', 'r', 'i', 't', ':', ..] => LogLevel.Critical,
        _ => null,
    };

    [GeneratedRegex(@"Visage is ready at (?<address>http://[^\s/]+)", RegexOptions.CultureInvariant)]
    private static partial Regex ReadyLine();
}
