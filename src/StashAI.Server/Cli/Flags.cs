using System.CommandLine;

namespace StashAI.Server.Cli;

/// <summary>The flags of all commands. Values stay text here: <see cref="SettingReader"/> judges them.</summary>
internal sealed class Flags
{
    public Option<string?> Urls { get; } = Text("--urls", "URL", "Address to listen on (default http://127.0.0.1:9998).");

    public Option<string?> VisageUrls { get; } = Text("--urls", "URL", "Address to listen on (default http://127.0.0.1:9997).");

    public Option<string?> Data { get; } = Text("--data", "DIR", "Folder of everything that is kept (DATA_DIR; default ./data).");

    public Option<string?> Models { get; } =
        Text("--models", "DIR", "Folder of the face models (MODELS_DIR; default: models in the data folder).");

    public Option<string?> Workers { get; } =
        Text("--workers", "N", "Calls to AI services at once, 1 to 1024 (WORKERS; default 4).");

    public Option<string?> VisageUrl { get; } =
        Text("--visage-url", "URL", "A Visage service that already runs, or none for no face service at all (VISAGE_API_URL or VISAGE_URL).");

    public Option<string?> WorkerVisageUrl { get; } =
        Text("--visage-url", "URL", "The Visage service to call, or none (VISAGE_API_URL or VISAGE_URL).");

    public Option<string?> VisagePort { get; } =
        Text("--visage-port", "PORT", "Port of the Visage service that is started; another is taken if it is in use (default 9997).");

    public Option<string?> Database { get; } =
        Text("--database", "URL", "PostgreSQL for the queue, postgres://user@host/database (DATABASE_URL or DATABASE_URL_FILE; default: a SQLite file).");

    public Option<string?> LogLevel { get; } =
        Text("--log-level", "LEVEL", "debug, info, warning or error (LOG_LEVEL; default info).");

    public Option<string?> ServerUrl { get; } =
        Text("--url", "URL", "The gateway or Visage service to ask (default http://127.0.0.1:9998).");

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
}
