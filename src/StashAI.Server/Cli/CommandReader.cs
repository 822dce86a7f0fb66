using System.CommandLine;
using StashAI.Hosting.Settings;
using StashAI.Server.Cli.Parsing;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli;

/// <summary>Reads a command's options: settings, and values that only its command line has.</summary>
internal sealed class CommandReader(ParseResult parse, SettingsReader settings)
{
    /// <summary>The value of a setting, from its flag, its variables or its default.</summary>
    public T Read<T>(Setting<T> setting) => settings.Read(setting);

    /// <summary>What several settings mean together.</summary>
    public T Read<T>(Func<SettingsReader, T> read) => read(settings);

    /// <summary>The value of an argument; the parser refuses a command line without it.</summary>
    public string Argument(Argument<string> argument) => parse.GetValue(argument)!.Trim();

    public bool IsSet(Option<bool> flag) => parse.GetValue(flag);

    /// <summary>The text of a flag; null when the flag is missing.</summary>
    public string? Text(Option<string?> flag) => parse.FlagText(flag.Name)?.Trim() switch
    {
        "" => throw new UsageException($"{flag.Name} must have a value."),
        var text => text,
    };

    /// <summary>The absolute path of an existing folder; null when the flag is missing.</summary>
    public string? ExistingFolder(Option<string?> flag)
    {
        if (Text(flag) is not { } text) return null;
        return SettingForms.PathOf(text) is { } path && Directory.Exists(path)
            ? path
            : throw new UsageException($"{flag.Name} must be a folder that exists, not '{text}'.");
    }
}
