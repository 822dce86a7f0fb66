using System.CommandLine;
using System.Text.Json.Nodes;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>The flags of a schedule that can be given when it is created and later.</summary>
internal sealed class ScheduleFlags
{
    private readonly Option<string?> cron = Text(
        "--cron", "LINE", "Minutes, hours, days of the month, months, days of the week: \"0 3 * * *\"; or @hourly, @daily, @weekly.");

    private readonly Option<string?> zone = Text("--time-zone", "ZONE", "The time zone of the line, such as Europe/Berlin.");
    private readonly Option<string?> overlap =
        Text("--overlap", "skip|queue", "What happens while the job of the run before is not over.");

    private readonly Option<string[]> config = Many("--config", "KEY=VALUE", "A setting of the service; may come several times.");
    private readonly Option<string?> job = Text("--job-name", "TEXT", "What its jobs are called; by default as the schedule.");
    private readonly Option<string[]> tags = Many("--tag", "TAG", "What people find its jobs by; may come several times.");
    private readonly Option<string?> priority = Text("--priority", "N", "0 to 9, low, normal or high; higher goes first.");
    private readonly Option<int?> maxParallel = new("--max-parallel") { HelpName = "N", Description = "The most items at once." };
    private readonly Option<string?> deadline = Text("--deadline", "SPAN", "Fail what has not ended so long after its submit: 6h.");

    public IReadOnlyList<Option> All => [cron, zone, overlap, config, job, tags, priority, maxParallel, deadline];

    public string? Cron(RemoteCall call) => call.Value(cron);

    public string? TimeZone(RemoteCall call) => call.Value(zone);

    public ScheduleOverlap? Overlap(RemoteCall call) => call.Value(overlap) switch
    {
        null => null,
        "skip" => ScheduleOverlap.Skip,
        "queue" => ScheduleOverlap.Queue,
        var other => throw new UsageException($"{overlap.Name} must be skip or queue, not '{other}'."),
    };

    public long? DeadlineSeconds(RemoteCall call) => call.Value(deadline) is not { } text ? null
        : Words.SpanOf(text) is { TotalSeconds: >= 1 } span ? (long)span.TotalSeconds
        : throw new UsageException($"{deadline.Name} must be a span such as 6h or 30m, not '{text}'.");

    /// <summary>The configuration of its jobs; null when none is given.</summary>
    public JsonObject? Config(RemoteCall call)
    {
        var given = ConfigPairs.Read(call.Value(config) ?? []);
        if (call.Value(job) is { } name) given["job_name"] = name;
        if (call.Value(tags) is { Length: > 0 } words) given["tags"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
        if (ConfigPairs.Priority(call.Value(priority)) is { } level) given["priority"] = level;
        if (call.Value(maxParallel) is { } most) given["max_parallel"] = most;
        return given.Count > 0 ? given : null;
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<string[]> Many(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, AllowMultipleArgumentsPerToken = false };
}
