using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>
/// The words that a client uses for states (C-01). The program has neutral states; only this class converts them to a client's words.
/// </summary>
internal enum Dialect
{
    /// <summary>The documented words: a successful task is <c>completed</c>.</summary>
    Default,

    /// <summary>The words of the Stash plugin: a successful task is <c>finished</c>.</summary>
    Plugin,
}

/// <inheritdoc cref="Dialect"/>
internal static class DialectWords
{
    /// <summary>The header that chooses the dialect, like <c>?dialect=</c>.</summary>
    public const string Header = "StashAI-Dialect";

    /// <summary>The status in the acknowledgement of a submit (C-11).</summary>
    public const string Accepted = "queued";

    private static readonly Dictionary<string, JobState> JobStates = new(StringComparer.OrdinalIgnoreCase)
    {
        ["queued"] = JobState.Pending,
        ["pending"] = JobState.Pending,
        ["running"] = JobState.Running,
        ["processing"] = JobState.Running,
        ["completed"] = JobState.Completed,
        ["finished"] = JobState.Completed,
        ["partial"] = JobState.Partial,
        ["failed"] = JobState.Failed,
        ["error"] = JobState.Failed,
        ["cancelled"] = JobState.Cancelled,
        ["canceled"] = JobState.Cancelled,
    };

    private static readonly Dictionary<string, TaskState[]> TaskStates = new(StringComparer.OrdinalIgnoreCase)
    {
        ["queued"] = [TaskState.Available, TaskState.Scheduled],
        ["pending"] = [TaskState.Available, TaskState.Scheduled],
        ["available"] = [TaskState.Available],
        ["scheduled"] = [TaskState.Scheduled],
        ["running"] = [TaskState.Running],
        ["processing"] = [TaskState.Running],
        ["completed"] = [TaskState.Completed],
        ["finished"] = [TaskState.Completed],
        ["failed"] = [TaskState.Failed],
        ["error"] = [TaskState.Failed],
        ["cancelled"] = [TaskState.Cancelled],
        ["canceled"] = [TaskState.Cancelled],
    };

    /// <summary><c>status</c> of a task.</summary>
    public static string Status(TaskState state, Dialect dialect) => state switch
    {
        TaskState.Available or TaskState.Scheduled => "pending",
        TaskState.Running => "running",
        TaskState.Completed => dialect == Dialect.Plugin ? "finished" : "completed",
        TaskState.Failed => "failed",
        _ => "cancelled",
    };

    /// <summary><c>status</c> of a job, the same in both dialects.</summary>
    public static string Status(JobState state) => State(state);

    /// <summary><c>state</c> of a task, the neutral word.</summary>
    public static string State(TaskState state) => state switch
    {
        TaskState.Available => "available",
        TaskState.Scheduled => "scheduled",
        TaskState.Running => "running",
        TaskState.Completed => "completed",
        TaskState.Failed => "failed",
        _ => "cancelled",
    };

    /// <summary><c>state</c> of a job, the neutral word.</summary>
    public static string State(JobState state) => state switch
    {
        JobState.Pending => "pending",
        JobState.Running => "running",
        JobState.Completed => "completed",
        JobState.Partial => "partial",
        JobState.Failed => "failed",
        _ => "cancelled",
    };

    /// <summary>Parses a filter of job states: any synonyms, separated by commas.</summary>
    public static IReadOnlyList<JobState> ParseJobStates(string? filter)
    {
        var states = new List<JobState>();
        foreach (var word in (filter ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!JobStates.TryGetValue(word, out var state))
                throw RequestException.Invalid("status", $"'{word}' is not a status; use {string.Join(", ", JobStates.Keys)}.");
            if (!states.Contains(state)) states.Add(state);
        }

        return states;
    }

    /// <summary>Parses a filter of task states: any synonyms, separated by commas.</summary>
    public static IReadOnlyList<TaskState> ParseTaskStates(string? filter)
    {
        var states = new List<TaskState>();
        foreach (var word in (filter ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!TaskStates.TryGetValue(word, out var named))
                throw RequestException.Invalid("status", $"'{word}' is not a status; use {string.Join(", ", TaskStates.Keys)}.");
            states.AddRange(named.Except(states));
        }

        return states;
    }

    /// <summary>The dialect that a request asks for, or the route's own.</summary>
    public static Dialect Of(HttpContext context, Dialect routeDefault) =>
        Parse((string?)context.Request.Query["dialect"] ?? context.Request.Headers[Header]) ?? routeDefault;

    /// <summary>The dialect of a name; null for no name.</summary>
    /// <exception cref="RequestException">There is no such dialect.</exception>
    public static Dialect? Parse(string? name) => name switch
    {
        null or "" => null,
        "default" => Dialect.Default,
        "plugin" => Dialect.Plugin,
        _ => throw RequestException.Invalid("dialect", $"'{name}' is not a dialect; use default or plugin."),
    };
}
