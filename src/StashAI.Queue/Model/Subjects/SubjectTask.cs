using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Model.Subjects;

/// <summary>A completed task whose result shows a subject.</summary>
/// <param name="Task">The task, with its result.</param>
/// <param name="JobId">The public id of its job.</param>
/// <param name="JobName">The name of its job; null for none.</param>
/// <param name="Score">The score of the subject in this result.</param>
public sealed record SubjectTask(TaskView Task, Guid JobId, string? JobName, double Score)
{
    /// <summary>The place of this task in the list.</summary>
    public SubjectPlace Place => new(Score, Task.Key);
}

/// <summary>A place in the list of the tasks that show a subject: the best score first, of equal ones the newest task.</summary>
public readonly record struct SubjectPlace(double Score, long TaskKey);

/// <summary>Which tasks that show a subject are wanted.</summary>
/// <param name="Subject">The subject's id.</param>
/// <param name="JobKey">Only those of this job; null for all jobs.</param>
/// <param name="MinScore">Only those with at least this score; null for all.</param>
/// <param name="After">The place of the last task of the page before; null for the first page.</param>
/// <param name="Limit">The most tasks of the page.</param>
public sealed record SubjectQuery(string Subject, long? JobKey, double? MinScore, SubjectPlace? After, int Limit);

/// <summary>A page of the tasks that show a subject.</summary>
/// <param name="Tasks">The tasks, in the order of the list.</param>
/// <param name="Total">The number of tasks on all pages.</param>
/// <param name="IsTotalExact">False when there may be more than <paramref name="Total"/>.</param>
/// <param name="HasMore">True when another page follows.</param>
public sealed record SubjectTaskPage(IReadOnlyList<SubjectTask> Tasks, long Total, bool IsTotalExact, bool HasMore);
