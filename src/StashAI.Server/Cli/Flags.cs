using System.CommandLine;
using StashAI.Hosting.Settings;
using StashAI.Server.Options;

namespace StashAI.Server.Cli;

/// <summary>The flags of all commands. Values stay text here: <see cref="SettingsReader"/> judges them.</summary>
internal sealed class Flags
{
    public Option<string?> Urls { get; } = Text(ServerSettings.Urls, "URL", "Address to listen on");

    public Option<string?> VisageUrls { get; } = Text(ServerSettings.VisageUrls, "URL", "Address to listen on");

    public Option<string?> Data { get; } = Text(ServerSettings.DataDirectory, "DIR", "Folder of everything that is kept");

    public Option<string?> Models { get; } = Text(ServerSettings.ModelsDirectory, "DIR", "Folder of the face models");

    public Option<string?> Workers { get; } = Text(ServerSettings.Workers, "N", "Calls to AI services at once, 1 to 1024");

    public Option<string?> VisageUrl { get; } =
        Text(ServerSettings.VisageAddress, "URL", "A Visage service that is already running, or none for no face service at all");

    public Option<string?> VisagePort { get; } =
        Text(ServerSettings.VisagePort, "PORT", "Port of the Visage service that is started; another is taken if it is in use");

    public Option<string?> Database { get; } = Text(ServerSettings.DatabaseUrl, "URL", "PostgreSQL for the queue, postgres://user@host/database, instead of a SQLite file");

    public Option<string?> LogLevel { get; } = Text(ServerSettings.LogLevel, "LEVEL", "debug, info, warning or error");

    public Option<string?> ServerUrl { get; } = Text(ServerSettings.HealthUrl, "URL", "The gateway or Visage service to ask");

    public Option<string?> Photos { get; } =
        Text("--photos", "DIR", "Your photos to look at, instead of the samples; goes with --people.");

    public Option<string?> People { get; } =
        Text("--people", "DIR", "The people to look for: a folder per person, each with photos.");

    public Option<bool> Keep { get; } =
        new("--keep") { Description = "Leave the server running at the end, until Ctrl-C." };

    public Option<string?> KeyName { get; } = Text("--name", "NAME", "What the key is called, such as laptop.");

    public Option<string?> KeyScope { get; } =
        Text("--scope", "SCOPE", "What it allows: read, submit (and read) or admin (everything); default submit.");

    public Argument<string> Key { get; } = new("KEY") { Description = "The key's name, or the beginning that keys list shows." };

    /// <summary>For child processes: a parent that is killed closes our standard input, and we end too.</summary>
    public Option<bool> ExitWithStdin { get; } = new("--exit-with-stdin") { Hidden = true };

    private static Option<string?> Text(string name, string valueName, string description) =>
        new(name) { HelpName = valueName, Description = description };

    /// <summary>The flag of a setting, with its variables and its default.</summary>
    private static Option<string?> Text(SettingDefinition setting, string valueName, string description)
    {
        var variables = string.Join(" or ", [.. setting.Variables, .. setting.FileSetting?.Variables ?? []]);
        var usual = $"default {setting.DefaultText.Replace("`", "", StringComparison.Ordinal)}";
        return Text(setting.Flag!, valueName, $"{description} ({(variables.Length > 0 ? $"{variables}; {usual}" : usual)}).");
    }
}
