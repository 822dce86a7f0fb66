using System.CommandLine;
using StashAI.Hosting.Settings;
using StashAI.Server.Options;

namespace StashAI.Server.Cli;

/// <summary>The flags of all commands. Values are kept as text; <see cref="SettingsReader"/> validates them.</summary>
internal sealed class Flags
{
    public Option<string?> Urls { get; } = Text(ServerSettings.Urls, "URL", "Address to listen on");

    public Option<string?> VisageUrls { get; } = Text(ServerSettings.VisageUrls, "URL", "Address to listen on");

    public Option<string?> Data { get; } = Text(ServerSettings.DataDirectory, "DIR", "Folder for all data");

    public Option<string?> Models { get; } = Text(ServerSettings.ModelsDirectory, "DIR", "Folder of the face models");

    public Option<string?> Workers { get; } = Text(ServerSettings.Workers, "N", "Most concurrent calls to AI services, 1 to 1024");

    public Option<string?> VisageUrl { get; } =
        Text(ServerSettings.VisageAddress, "URL", "A Visage service that is already running, or none for no face service");

    public Option<string?> VisagePort { get; } =
        Text(ServerSettings.VisagePort, "PORT", "Port of the Visage service that is started; another one is used if it is taken");

    public Option<string?> Database { get; } = Text(
        ServerSettings.DatabaseUrl, "URL", "PostgreSQL for the queue, postgres://user@host/database, instead of a SQLite file");

    public Option<string?> LogLevel { get; } = Text(ServerSettings.LogLevel, "LEVEL", "debug, info, warning or error");

    public Option<string?> ServerUrl { get; } = Text(ServerSettings.HealthUrl, "URL", "The gateway or Visage service to ask");

    public Option<string?> Photos { get; } =
        Text("--photos", "DIR", "Your photos, instead of the samples; requires --people.");

    public Option<string?> People { get; } =
        Text("--people", "DIR", "The people to find: a folder per person, each with photos.");

    public Option<bool> Keep { get; } =
        new("--keep") { Description = "Leave the server running at the end, until Ctrl-C, and open its job." };

    public Option<string?> KeyName { get; } = Text("--name", "NAME", "A name for the key, such as laptop.");

    public Option<string?> KeyScope { get; } =
        Text(
            "--scope",
            "SCOPE",
            "What the key allows: read, submit (read, and own jobs), operate (all jobs, pauses, "
            + "limits) or admin (everything); default submit.");

    public Option<string?> KeyExpiry { get; } =
        Text("--expires", "TIME", "When the key stops being valid: a time such as 2030-01-31, or a span such as 90d; default never.");

    public Argument<string> Key { get; } = new("KEY") { Description = "The key's name, or its prefix as shown by keys list." };

    /// <summary>For child processes: when the parent is killed, standard input closes and this process ends.</summary>
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
