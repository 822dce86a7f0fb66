namespace StashAI.Bench.Soak;

/// <summary>One call as the service saw it. Times are UTC.</summary>
/// <param name="Item">The item that it was about: `JOB NAME/ordinal`.</param>
/// <param name="Start">When it had been read.</param>
internal sealed record ServiceCall(string Item, DateTimeOffset Start)
{
    /// <summary>When it was answered or its caller was found gone; the greatest time while it is open.</summary>
    public DateTimeOffset End { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>The status, or 0 when the connection was broken by the service, -1 when the caller went away.</summary>
    public int Answer { get; set; } = -1;

    /// <summary>True when its photo had other bytes than those that were sent.</summary>
    public bool IsAltered { get; init; }
}
