using System.CommandLine;
using StashAI.Server.Options;

namespace StashAI.Server.Cli.Remote;

/// <summary>The flags that every command for work has.</summary>
internal sealed class RemoteFlags
{
    /// <summary>
    /// What `--json` without fields becomes before the line is parsed: its value is optional, and must not be the next argument.
    /// </summary>
    public const string AllFields = "*";

    public const string JsonName = "--json";

    public Option<string?> Server { get; } = new(ServerSettings.ClientServer.Flag!)
    {
        HelpName = "URL",
        Description = "The server (STASHAI_URL; default: that of 'stashai login', or http://127.0.0.1:9998).",
    };

    public Option<string?> Key { get; } = new(ServerSettings.ClientKey.Flag!)
    {
        HelpName = "KEY",
        Description = "The API key (STASHAI_KEY; default: that of 'stashai login').",
    };

    public Option<string?> Json { get; } = new(JsonName)
    {
        HelpName = "FIELDS",
        Description = "Print JSON, one document a line; --json=FIELD,FIELD prints only these fields.",
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Write no progress and no remarks to standard error." };

    public void AddTo(Command command)
    {
        command.Options.Add(Server);
        command.Options.Add(Key);
        command.Options.Add(Json);
        command.Options.Add(Quiet);
    }

    /// <summary>The arguments, with `--json` as a flag that has a value.</summary>
    public static IReadOnlyList<string> Prepare(IReadOnlyList<string> arguments)
    {
        var end = arguments.TakeWhile(argument => argument != "--").Count();
        return [.. arguments.Select((argument, i) => i < end && argument == JsonName ? $"{JsonName}={AllFields}" : argument)];
    }
}
