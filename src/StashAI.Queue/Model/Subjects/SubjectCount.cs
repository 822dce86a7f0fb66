namespace StashAI.Queue.Model.Subjects;

/// <summary>How many tasks show a subject.</summary>
/// <param name="Subject">The subject's id.</param>
/// <param name="Tasks">The number of tasks.</param>
public readonly record struct SubjectCount(string Subject, int Tasks);

/// <summary>A subject that results of a job show.</summary>
/// <param name="Subject">The subject's id.</param>
/// <param name="Tasks">The number of tasks of the job that show it.</param>
/// <param name="Best">Its highest score in the job.</param>
public readonly record struct JobSubject(string Subject, int Tasks, double Best);

/// <summary>A page of subjects, those with the most tasks first.</summary>
/// <param name="Subjects">The subjects of the page.</param>
/// <param name="Total">The number of subjects on all pages.</param>
/// <param name="IsTotalExact">False when there may be more than <paramref name="Total"/>, or more tasks than were counted.</param>
/// <param name="HasMore">True when another page follows.</param>
public sealed record SubjectPage<T>(IReadOnlyList<T> Subjects, long Total, bool IsTotalExact, bool HasMore);
