namespace StashAI.Storage.Postgres.Units;

/// <summary>
/// The virtual time at which a job joins its lane: the lane's clock, but never before the job whose turn it is, and at most one task behind
/// it. Without these bounds, the clock runs ahead of a big job while small jobs come and go, and the next small jobs would wait until the
/// big one has caught up. WF2Q+ (Bennett and Zhang, 1997) bounds the clock from below in the same way.
/// </summary>
internal static class PostgresFairStart
{
    private const string Head = """
        COALESCE((
            SELECT GREATEST(h.vtime, LEAST(l.clock, h.vtime + 1000000)) FROM queue_jobs h
            WHERE h.lane_id = l.id AND h.is_runnable
                -- A raised job has waited at a lower priority, so its virtual time does not compare with the others here.
                AND h.priority = h.effective_priority AND h.effective_priority =
        """;

    private const string Tail = " ORDER BY h.vtime, h.id LIMIT 1), l.clock)";

    /// <summary>The virtual time of a new job of priority $12 in lane <c>l</c>.</summary>
    public const string OfNew = Head + " $12" + Tail;

    /// <summary>
    /// The virtual time of job <c>j</c> after it ran as many tasks as it may at once. It gets at most one task ahead of the job whose turn
    /// it is; otherwise new jobs, which start at the first job's time, would share its credit.
    /// </summary>
    public const string OfFull = """
        GREATEST(j.vtime, (
            SELECT h.vtime - 1000000 FROM queue_jobs h
            WHERE h.lane_id = j.lane_id AND h.is_runnable
                AND h.priority = h.effective_priority AND h.effective_priority = j.effective_priority
            ORDER BY h.vtime, h.id LIMIT 1))
        """;

    /// <summary>The virtual time of job <c>j</c> after it waited, without credit for the wait.</summary>
    public const string OfJob = "(SELECT GREATEST(j.vtime, " + Head + " j.effective_priority" + Tail
        + ") FROM lanes l WHERE l.id = j.lane_id)";
}
