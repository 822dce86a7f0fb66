using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Reads filters by state: the neutral words, separated by commas.</summary>
internal static class StateFilter
{
    private static readonly JobState[] JobStates =
        [JobState.Pending, JobState.Running, JobState.Completed, JobState.Partial, JobState.Failed, JobState.Cancelled];

    private static readonly TaskState[] Ends = [TaskState.Completed, TaskState.Failed, TaskState.Cancelled];

    public static IReadOnlyList<JobState> Jobs(IQueryCollection query) => Read(query, JobDocs.JobState, JobStates, DialectWords.State);

    public static IReadOnlyList<TaskState> Tasks(IQueryCollection query) =>
        Read(query, JobDocs.TaskState, Enum.GetValues<TaskState>(), DialectWords.State);

    /// <summary>Of results: all states in which a task is over, unless some are named.</summary>
    public static IReadOnlyList<TaskState> Results(IQueryCollection query) =>
        Read(query, JobDocs.ResultState, Ends, DialectWords.State) is { Count: > 0 } named ? named : Ends;

    private static List<T> Read<T>(IQueryCollection query, ParameterDoc parameter, IReadOnlyList<T> states, Func<T, string> word)
    {
        var found = new List<T>();
        foreach (var name in (query.Text(parameter) ?? "").Split(',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (states.Where(state => word(state) == name).ToList() is not [var state])
                throw RequestException.Invalid(parameter.Name, $"'{name}' is not a state; use {string.Join(", ", states.Select(word))}.");
            if (!found.Contains(state)) found.Add(state);
        }

        return found;
    }
}
