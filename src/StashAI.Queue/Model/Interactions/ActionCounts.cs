namespace StashAI.Queue.Model.Interactions;

/// <summary>Which interactions are counted by action.</summary>
/// <param name="From">From this moment on.</param>
/// <param name="To">Until this moment, which is left out.</param>
/// <param name="Steps">In how many parts of equal length the time is counted.</param>
public sealed record ActionQuery(DateTimeOffset From, DateTimeOffset To, int Steps)
{
    /// <summary>The most interactions that are counted, the newest first: a wider question costs no more.</summary>
    public const int MaxCounted = 200_000;

    /// <summary>The most of a session or of a user, whose rows are read one by one.</summary>
    public const int MaxCountedOfOne = 20_000;

    /// <summary>Only of this session; null for all.</summary>
    public string? SessionId { get; init; }

    /// <summary>Only of this user; null for all.</summary>
    public string? UserId { get; init; }

    /// <summary>The most that are counted.</summary>
    public int Most => SessionId is null && UserId is null ? MaxCounted : MaxCountedOfOne;

    /// <summary>The length of a part, in milliseconds.</summary>
    public long StepMilliseconds => Math.Max(1, (long)Math.Ceiling((To - From).TotalMilliseconds / Steps));
}

/// <summary>How often each action was done in each part of a time.</summary>
/// <param name="Actions">The actions, the most frequent first.</param>
/// <param name="IsComplete">False when there were more interactions than are counted: the oldest are missing.</param>
public sealed record ActionTable(IReadOnlyList<ActionCount> Actions, bool IsComplete);

/// <summary>How often something was done.</summary>
/// <param name="Action">The name of the action.</param>
/// <param name="Count">How often in all.</param>
/// <param name="LastAt">The last time.</param>
/// <param name="Steps">How often in each part of the time.</param>
public sealed record ActionCount(string Action, int Count, DateTimeOffset LastAt, IReadOnlyList<int> Steps);
