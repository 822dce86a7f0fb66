using System.CommandLine;
using StashAI.Hosting.Settings;
using StashAI.Server.Cli.Parsing;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli;

/// <summary>Reads what a command runs with: settings, and what only its own command line says.</summary>
internal sealed class CommandReader(ParseResult parse, SettingsReader settings)
{
    /// <summary>The value of a setting: of its flag, its variables or its default.</summary>
    public T Read<T>(Setting<T> setting) => settings.Read(setting);

    /// <summary>A value without a flag; the parser has refused a command line without it.</summary>
    public string Argument(Argument<string> argument) => parse.GetValue(argument)!.Trim();

    public bool IsSet(Option<bool> flag) => parse.GetValue(flag);

    /// <summary>The text of a flag; null when it was not given.</summary>
    public string? Text(Option<string?> flag) => parse.GivenFlag(flag.Name)?.Trim() switch
    {
        "" => throw new UsageException($"{flag.Name} must have a value."),
        var text => text,
    };

    /// <summary>The absolute path of a folder to read; null when it is not given.</summary>
    public string? ExistingFolder(Option<string?> flag)
    {
        if (Text(flag) is not { } text) return null;
        return SettingForms.PathOf(text) is { } path && Directory.Exists(path) ? path : throw new UsageException($"{flag.Name} must be a folder that exists, not '{text}'.");
    }
}
