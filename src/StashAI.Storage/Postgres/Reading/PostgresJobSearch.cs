using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>Pages of jobs that no counters know, as <see cref="JobSearch"/> finds them.</summary>
internal static class PostgresJobSearch
{
    private const string JobColumns = "SELECT q.id, q.service, q.single_task, q.state, q.name, q.user_id, q.session_id FROM queue_jobs q";

    private const string All = $"{JobColumns} WHERE q.id < $1 AND q.state <> 6 /* Staging */ ORDER BY q.id DESC LIMIT $2";

    // As with the groups, only the index over both columns can compare and order so.
    private const string OfUser = $"""
        {JobColumns}
        WHERE (substr(q.user_id, 1, 100), q.id) >= (substr($3, 1, 100), 0::bigint)
            AND (substr(q.user_id, 1, 100), q.id) < (substr($3, 1, 100), $1)
            AND q.user_id IS NOT NULL AND q.state <> 6 /* Staging */
        ORDER BY substr(q.user_id, 1, 100) DESC, q.id DESC LIMIT $2
        """;

    private const string OfSession = $"""
        {JobColumns}
        WHERE (substr(q.session_id, 1, 100), q.id) >= (substr($3, 1, 100), 0::bigint)
            AND (substr(q.session_id, 1, 100), q.id) < (substr($3, 1, 100), $1)
            AND q.session_id IS NOT NULL AND q.state <> 6 /* Staging */
        ORDER BY substr(q.session_id, 1, 100) DESC, q.id DESC LIMIT $2
        """;

    public static async Task<JobPage> ReadAsync(
        PostgresDatabase database, IRead reads, JobFilter filter, CancellationToken cancellationToken)
    {
        var page = await SearchAsync(database, filter, filter.Before, cancellationToken);
        var all = filter.Before is null ? page : await SearchAsync(database, filter, null, cancellationToken);
        return new JobPage(await reads.FindJobsAsync(page.Keys, cancellationToken), all.Matches, page.Next)
        {
            IsTotalExact = all.IsComplete,
        };
    }

    private static async Task<JobSearch> SearchAsync(
        PostgresDatabase database, JobFilter filter, long? before, CancellationToken cancellationToken)
    {
        var search = new JobSearch(filter);
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        var (from, most) = (Value(before ?? long.MaxValue), Value(JobSearch.MaxExamined));
        if (filter.SessionId is { } sessionId) batch.Add(OfSession, from, most, Text(sessionId));
        else if (filter.UserId is { } userId) batch.Add(OfUser, from, most, Text(userId));
        else batch.Add(All, from, most);
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            search.Examine(new JobRow(
                rows.GetInt64(0), rows.GetString(1), rows.GetInt16(2) != 0, (JobState)rows.GetInt16(3), rows.GetString(4),
                PostgresRows.TextOrNull(rows, 5), PostgresRows.TextOrNull(rows, 6)));
        }

        return search;
    }
}
