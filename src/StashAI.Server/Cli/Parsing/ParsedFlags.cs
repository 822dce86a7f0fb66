using System.CommandLine;

namespace StashAI.Server.Cli.Parsing;

/// <summary>Finds the flags of a command line by their names.</summary>
internal static class ParsedFlags
{
    /// <summary>The text of a flag; null when the flag is missing, or the command does not have it.</summary>
    public static string? FlagText(this ParseResult parse, string name) =>
        parse.CommandResult.Command.Options.OfType<Option<string?>>().FirstOrDefault(option => option.Name == name) is { } option
        && parse.GetResult(option) is { Implicit: false }
            ? parse.GetValue(option) ?? ""
            : null;
}
