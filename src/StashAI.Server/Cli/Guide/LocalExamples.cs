using System.CommandLine;

namespace StashAI.Server.Cli.Guide;

/// <summary>Examples in the help of the commands that need no server.</summary>
internal static class LocalExamples
{
    private static readonly Dictionary<string, IReadOnlyList<string>> ByPath = new(StringComparer.Ordinal)
    {
        ["serve"] = ["stashai serve", "stashai serve --urls http://0.0.0.0:9998 --data /var/lib/stashai --workers 8"],
        ["worker"] = ["stashai worker --data /var/lib/stashai", "stashai worker --database postgres://stashai@db/queue --workers 16"],
        ["visage"] = ["stashai visage", "stashai visage --urls http://0.0.0.0:8000 --models /var/lib/stashai/models"],
        ["migrate"] = ["stashai migrate --data /var/lib/stashai", "stashai migrate --database postgres://stashai@db/queue"],
        ["backup"] =
        [
            "stashai backup /mnt/nas/stashai --data /var/lib/stashai",
            "stashai backup /mnt/nas/stashai --database postgres://stashai@db/queue --dump queue.dump",
        ],
        ["backup verify"] = ["stashai backup verify /mnt/nas/stashai", "stashai backup verify /mnt/nas/stashai --json"],
        ["restore"] =
        [
            "stashai restore /mnt/nas/stashai --to /var/lib/stashai",
            "stashai restore /mnt/nas/stashai --to /var/lib/stashai --replace",
        ],
        ["models fetch"] = ["stashai models fetch", "stashai models fetch --models /var/lib/stashai/models"],
        ["keys create"] = ["stashai keys create --name laptop", "stashai keys create --name grafana --scope read"],
        ["keys list"] = ["stashai keys list", "stashai keys list --data /var/lib/stashai"],
        ["keys revoke"] = ["stashai keys revoke sk_abc123", "stashai keys revoke sk_abc123 --database postgres://stashai@db/queue"],
        ["health"] = ["stashai health", "stashai health --url http://192.168.1.5:9998"],
        ["demo"] = ["stashai demo", "stashai demo --photos party/ --people friends/"],
        ["service check"] = ["stashai service check", "stashai service check services/translation.yaml"],
        ["service list"] = ["stashai service list", "stashai service list --data /var/lib/stashai"],
        ["service test"] = ["stashai service test translation --item hello", "stashai service test whisper --item @speech.wav"],
        ["service import"] =
        [
            "stashai service import \"curl http://127.0.0.1:5000/translate -d text=hello\"",
            "stashai service import \"curl http://127.0.0.1:5000/translate -d text=hello\" --name translation --no-call",
        ],
        ["config check"] = ["stashai config check", "stashai config check --workers 8"],
        ["config print"] = ["stashai config print", "stashai config print --data /var/lib/stashai"],
        ["completion"] =
        [
            "stashai completion bash > /etc/bash_completion.d/stashai",
            "stashai completion fish > ~/.config/fish/completions/stashai.fish",
        ],
        ["help"] = ["stashai help job", "stashai help lane"],
    };

    /// <summary>The examples of a command; empty for none.</summary>
    public static IReadOnlyList<string> Of(Command command) => ByPath.GetValueOrDefault(PathOf(command), []);

    /// <summary>The name of a command with those above it: <c>keys create</c>.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? $"{PathOf(parent)} {command.Name}"
            : command.Name;
}
