namespace StashAI.Storage.Sqlite.Units;

/// <summary>
/// The virtual time at which a job joins its lane: the lane's clock, but never before the job whose turn it is, and at most one task behind
/// it. Without these bounds, the clock runs ahead of a big job while small jobs come and go, and the next small jobs would wait until the
/// big one has caught up. WF2Q+ (Bennett and Zhang, 1997) bounds the clock from below in the same way.
/// </summary>
internal static class SqliteFairStart
{
    private const string Head = """
        COALESCE((
            SELECT MAX(h.vtime, MIN(l.clock, h.vtime + 1000000)) FROM queue_jobs h
            WHERE h.lane_id = l.id AND h.available > 0 AND h.paused = 0 AND h.cancelling = 0 AND h.running < h.max_parallel
                -- A raised job has waited at a lower priority, so its virtual time does not compare with the others here.
                AND h.priority = h.effective_priority AND h.effective_priority =
        """;

    private const string Tail = " ORDER BY h.vtime, h.id LIMIT 1), l.clock)";

    /// <summary>Selects the lane of service ?1 at authority ?2, and the virtual time of a new job of priority ?3 in it.</summary>
    public const string OfNew = "SELECT l.id, " + Head + " ?3" + Tail + " FROM lanes l WHERE l.service = ?1 AND l.authority = ?2";

    /// <summary>
    /// The virtual time of job <c>j</c> after it ran as many tasks as it may at once. It gets at most one task ahead of the job whose turn
    /// it is; otherwise new jobs, which start at the first job's time, would share its credit.
    /// </summary>
    public const string OfFull = """
        MAX(j.vtime, COALESCE((
            SELECT h.vtime - 1000000 FROM queue_jobs h
            WHERE h.lane_id = j.lane_id AND h.available > 0 AND h.paused = 0 AND h.cancelling = 0 AND h.running < h.max_parallel
                AND h.priority = h.effective_priority AND h.effective_priority = j.effective_priority
            ORDER BY h.vtime, h.id LIMIT 1), j.vtime))
        """;

    /// <summary>The virtual time of job <c>j</c> after it waited, without credit for the wait.</summary>
    public const string OfJob = "(SELECT MAX(j.vtime, " + Head + " j.effective_priority" + Tail + ") FROM lanes l WHERE l.id = j.lane_id)";
}
