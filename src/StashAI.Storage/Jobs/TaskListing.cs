using System.Text;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads;

namespace StashAI.Storage.Jobs;

/// <summary>Makes a page of the tasks that a statement finds. Every database compares by the same code.</summary>
internal sealed class TaskListing(TaskQuery query)
{
    /// <summary>The most tasks of a job that one read looks at.</summary>
    public const int MaxExamined = 50_000;

    /// <summary>The same where it reads their inputs, which may be large.</summary>
    public const int MaxInputs = 1000;

    private readonly List<(TaskView Task, bool IsCertain)> found = [];
    private int certain;
    private long? counted;
    private long? examinedTo;

    /// <summary>How many places of a job one read looks at.</summary>
    public int Window => query.Text is null ? MaxExamined : MaxInputs;

    /// <summary>How many rows are read: one more than the page has says that there is more.</summary>
    public int Rows => query.Text is null ? query.Limit + 1 : MaxInputs;

    /// <summary>True when no more rows are needed.</summary>
    public bool IsFull => certain > query.Limit;

    public void Examine(TaskView task)
    {
        if (IsFull) return;
        var isCertain = query.Text is not { } text || HasText(task, text);
        // A large input is searched when the database was read.
        if (!isCertain && task.LargeInput is null) return;
        found.Add((task, isCertain));
        if (isCertain) certain++;
    }

    /// <summary>Ends the read of the database.</summary>
    /// <param name="counted">How many there are in all, where counters say it.</param>
    /// <param name="examinedTo">The last task that was looked at, where there may be more behind it; null at the end.</param>
    public TaskListing End(long? counted, long? examinedTo)
    {
        (this.counted, this.examinedTo) = (counted, examinedTo);
        return this;
    }

    /// <summary>The page.</summary>
    public async Task<TaskQueryPage> PageAsync(IPayloads payloads, CancellationToken cancellationToken)
    {
        var tasks = new List<TaskView>(found.Count);
        foreach (var (task, isCertain) in found)
        {
            if (tasks.Count > query.Limit) break;
            if (isCertain || await LargeInputs.ContainsAsync(task.LargeInput!, query.Text!, payloads, cancellationToken)) tasks.Add(task);
        }

        var hasMore = tasks.Count > query.Limit;
        var page = hasMore ? tasks[..query.Limit] : tasks;
        var next = hasMore ? page[^1].Key : examinedTo;
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
