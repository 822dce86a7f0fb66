using System.Text.Json;
using StashAI.Server.Cli.Backups;
using StashAI.Server.Cli.Remote;

namespace StashAI.Server.Cli.Account;

/// <summary>What `doctor` says of the backups of a server.</summary>
internal static class BackupFinding
{
    /// <summary>The finding for an answer of <c>/api/server</c>; null when the server does not say.</summary>
    public static Finding? Of(JsonElement server, TimeProvider clock)
    {
        if (!server.TryGetProperty("backup", out var backup) || backup.ValueKind != JsonValueKind.Object) return null;
        var last = backup.GetProperty("last") is { ValueKind: JsonValueKind.Object } found ? found : (JsonElement?)null;
        var text = last is { } one
            ? $"The last backup was taken {Words.Ago(one.GetProperty("snapshot_at").GetDateTimeOffset(), clock)}, "
                + $"{Sizes.Text(one.GetProperty("bytes").GetInt64())} in {one.GetProperty("folder")} on {one.GetProperty("host")}, "
                + $"{(one.GetProperty("verified_at").ValueKind == JsonValueKind.Null ? "not verified" : "verified")}."
            : "No backup was recorded.";
        return backup.GetProperty("state").GetString() switch
        {
            "good" => new Finding(FindingLevel.Ok, "backup", text),
            "failed" => Warning($"A backup failed: {backup.GetProperty("failure").GetProperty("error")} {text}"),
            "damaged" => Warning($"{text} {Damage(last!.Value)} Take another backup into a new folder."),
            "incomplete" => Warning($"{text} The database is not in it: dump it first, and give the dump with --dump."),
            "old" => Warning($"{text} Run 'stashai backup FOLDER' every day, by a timer."),
            _ => Warning($"{text} 'stashai backup FOLDER' makes one while the server runs."),
        };
    }

    private static Finding Warning(string text) => new(FindingLevel.Warning, "backup", text);

    private static string Damage(JsonElement last) => last.GetProperty("verify_error").GetString()
        ?? $"{last.GetProperty("damaged_payloads")} photos of the queue itself were missing or altered.";
}
