namespace StashAI.Storage.Sqlite.Units;

/// <summary>
/// The virtual time at which a job joins those of its lane: the lane's clock, yet never before the job whose turn it is and at most
/// one task behind it. The clock alone runs ahead of a big job while small ones come and go, and the next small ones would wait
/// until the big one has caught up. After WF2Q+ (Bennett and Zhang, 1997), which bounds the clock from below in the same way.
/// </summary>
internal static class SqliteFairStart
{
    private const string Head = """
        COALESCE((
            SELECT MAX(h.vtime, MIN(l.clock, h.vtime + 1000000)) FROM queue_jobs h
            WHERE h.lane_id = l.id AND h.available > 0 AND h.paused = 0 AND h.cancelling = 0 AND h.running < h.max_parallel
                -- One that was lifted has waited below: its time is not that of the others here.
                AND h.priority = h.effective_priority AND h.effective_priority =
        """;

    private const string Tail = " ORDER BY h.vtime, h.id LIMIT 1), l.clock)";

    /// <summary>The id of the lane of service ?1 at authority ?2, and where a new job of priority ?3 starts in it.</summary>
    public const string OfNew = "SELECT l.id, " + Head + " ?3" + Tail + " FROM lanes l WHERE l.service = ?1 AND l.authority = ?2";

    /// <summary>
    /// Of job `j`, which ran all that it may at once: it stays at most one task before the job whose turn it is, or newcomers, who start by the
    /// first, would share its credit.
    /// </summary>
    public const string OfFull = """
        MAX(j.vtime, COALESCE((
            SELECT h.vtime - 1000000 FROM queue_jobs h
            WHERE h.lane_id = j.lane_id AND h.available > 0 AND h.paused = 0 AND h.cancelling = 0 AND h.running < h.max_parallel
                AND h.priority = h.effective_priority AND h.effective_priority = j.effective_priority
            ORDER BY h.vtime, h.id LIMIT 1), j.vtime))
        """;

    /// <summary>Of job `j`, which waited and earns no credit by that.</summary>
    public const string OfJob = "(SELECT MAX(j.vtime, " + Head + " j.effective_priority" + Tail + ") FROM lanes l WHERE l.id = j.lane_id)";
}
