using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>Pages of jobs that no counters know, as <see cref="JobSearch"/> finds them.</summary>
internal static class SqliteJobSearch
{
    private const string JobColumns = "SELECT id, service, single_task, state, name, user_id, session_id FROM queue_jobs";

    private const string All = $"{JobColumns} WHERE id < ?1 AND state <> 6 /* Staging */ ORDER BY id DESC LIMIT ?2";

    private const string OfUser = $"""
        {JobColumns} INDEXED BY queue_jobs_of_user
        WHERE substr(user_id, 1, 100) = substr(?3, 1, 100) AND id < ?1 AND user_id IS NOT NULL AND state <> 6 /* Staging */
        ORDER BY id DESC LIMIT ?2
        """;

    private const string OfSession = $"""
        {JobColumns} INDEXED BY queue_jobs_of_session
        WHERE substr(session_id, 1, 100) = substr(?3, 1, 100) AND id < ?1 AND session_id IS NOT NULL AND state <> 6 /* Staging */
        ORDER BY id DESC LIMIT ?2
        """;

    public static JobPage Read(SqliteSession session, JobFilter filter)
    {
        var page = Search(session, filter, filter.Before);
        var all = filter.Before is null ? page : Search(session, filter, null);
        return new JobPage(SqliteRead.FindJobs(session, page.Keys), all.Matches, page.Next) { IsTotalExact = all.IsComplete };
    }

    private static JobSearch Search(SqliteSession session, JobFilter filter, long? before)
    {
        var search = new JobSearch(filter);
        var rows = filter switch
        {
            { SessionId: { } id } => session.Use(OfSession).Bind(3, id),
            { UserId: { } id } => session.Use(OfUser).Bind(3, id),
            _ => session.Use(All),
        };
        rows.Bind(1, before ?? long.MaxValue).Bind(2, JobSearch.MaxExamined);
        while (rows.Step())
        {
            search.Examine(new JobRow(
                rows.Int64(0), rows.Text(1), rows.Int32(2) != 0, (JobState)rows.Int32(3), rows.Text(4), rows.TextOrNull(5),
                rows.TextOrNull(6)));
        }

        return search;
    }
}
