using System.Text;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Jobs;

/// <summary>Makes a page of the tasks that a statement finds. Every database compares by the same code.</summary>
internal sealed class TaskListing(TaskQuery query)
{
    /// <summary>The most tasks of a job that one read looks at.</summary>
    public const int MaxExamined = 50_000;

    /// <summary>The same where it reads their inputs, which may be large.</summary>
    public const int MaxInputs = 1000;

    private readonly List<TaskView> tasks = [];

    /// <summary>How many places of a job one read looks at.</summary>
    public int Window => query.Text is null ? MaxExamined : MaxInputs;

    /// <summary>How many rows are read: one more than the page has says that there is more.</summary>
    public int Rows => query.Text is null ? query.Limit + 1 : MaxInputs;

    /// <summary>True when no more rows are needed.</summary>
    public bool IsFull => tasks.Count > query.Limit;

    public void Examine(TaskView task)
    {
        if (!IsFull && (query.Text is not { } text || HasText(task, text))) tasks.Add(task);
    }

    /// <summary>The page.</summary>
    /// <param name="counted">How many there are in all, where counters say it.</param>
    /// <param name="examinedTo">The last task that was looked at, where there may be more behind it; null at the end.</param>
    public TaskQueryPage Page(long? counted, long? examinedTo)
    {
        var page = IsFull ? tasks[..query.Limit] : tasks;
        var next = IsFull ? page[^1].Key : examinedTo;
        return new TaskQueryPage(page, counted ?? page.Count, counted is not null || (query.After is null && next is null), next);
    }

    /// <summary>How many tasks of these a query matches; null when they do not say it.</summary>
    public static long? CountOf(TaskQuery query, QueueTotals tasks) => query is { Fingerprint: null, LeastAttempts: 0, Text: null }
        ? new TaskFilter(query.States, query.Service, query.JobKey, 0, 0).CountOf(tasks)
        : null;

    private static bool HasText(TaskView task, string text) =>
        task.Item.Text?.Contains(text, StringComparison.OrdinalIgnoreCase) == true
        ||
        task.ErrorMessage?.Contains(text, StringComparison.OrdinalIgnoreCase) == true
        || Encoding.UTF8.GetString(task.Input.Span).Contains(text, StringComparison.OrdinalIgnoreCase);
}
