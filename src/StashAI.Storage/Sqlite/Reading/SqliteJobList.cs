using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>
/// Pages of jobs by service and state, whose counters know how many there are; others are for <see cref="SqliteJobQuery"/>.
/// </summary>
internal static class SqliteJobList
{
    private const string ListAll = "SELECT id FROM queue_jobs WHERE id < ?6 AND state <> 6 /* Staging */ "
        + "ORDER BY id DESC LIMIT ?1 OFFSET ?2";

    private const string ListBatches = """
        SELECT id FROM queue_jobs INDEXED BY queue_jobs_listed WHERE single_task = 0 AND state <> 6 /* Staging */ AND id < ?6
            ORDER BY id DESC LIMIT ?1 OFFSET ?2
        """;

    // One service, kind and state at a time, so that few matching jobs are found without scanning the others.
    private const string ListGroup = """
        SELECT id FROM queue_jobs INDEXED BY queue_jobs_groups
        WHERE service = ?3 AND single_task = ?4 AND state = ?5 AND state <> 6 /* Staging */ AND id < ?6 ORDER BY id DESC LIMIT ?1 OFFSET ?2
        """;

    // kind: 1 = jobs of batches, 2 = jobs of one task
    private const string JobTotals = "SELECT service, kind, state, SUM(count) FROM totals WHERE kind IN (1, "
        + "2) GROUP BY service, kind, state";

    public static JobPage Read(SqliteSession session, JobFilter filter)
    {
        var groups = ReadGroups(session, filter);
        if (filter.AsQuery() is { } query)
        {
            var page = SqliteJobQuery.Read(session, query, groups);
            return JobListing.PageOf(page, query.After is null ? page : SqliteJobQuery.Read(session, query.Counting(), groups));
        }

        var keys = new List<long>();
        if (filter is { States.Count: 0, Service: null })
        {
            ReadKeys(session.Use(filter.OnlyBatches ? ListBatches : ListAll), filter.Before, filter.Limit + 1, filter.Offset, keys);
        }
        else
        {
            // Merges the newest jobs of each group, which include the page of all.
            var (needed, skipped) = groups.Count == 1 ? (filter.Limit + 1, filter.Offset) : (filter.Limit + filter.Offset + 1, 0);
            foreach (var group in groups)
            {
                ReadKeys(
                    session.Use(ListGroup).Bind(3, group.Service).Bind(4, group.Kind - 1).Bind(5, group.State), filter.Before, needed,
                    skipped, keys);
            }

            if (groups.Count > 1) keys = [.. keys.OrderDescending().Skip(filter.Offset).Take(filter.Limit + 1)];
        }

        var hasMore = keys.Count > filter.Limit;
        if (hasMore) keys.RemoveRange(filter.Limit, keys.Count - filter.Limit);
        return new JobPage(
            SqliteRead.FindJobs(session, keys), groups.Sum(group => group.Count), hasMore && keys.Count > 0 ? keys[^1] : null);
    }

    public static JobQueryPage Query(SqliteSession session, JobQuery query)
    {
        var filter = new JobFilter(query.States, query.Service, query.Limit, 0) { Before = query.After?.Key };
        if (!query.IsCounted) return SqliteJobQuery.Read(session, query, ReadGroups(session, filter));
        var page = Read(session, filter);
        JobPlace? next = page.Next is { } key ? new JobPlace(0, key, page.TotalCount, true) : null;
        return new JobQueryPage(page.Jobs, page.TotalCount, true, next);
    }

    private static List<(string Service, int Kind, int State, long Count)> ReadGroups(SqliteSession session, JobFilter filter)
    {
        var groups = new List<(string Service, int Kind, int State, long Count)>();
        var rows = session.Use(JobTotals);
        while (rows.Step())
        {
            var (service, kind, state, count) = (rows.Text(0), rows.Int32(1), rows.Int32(2), rows.Int64(3));
            var isWanted = count > 0 && (filter.Service is null || service == filter.Service) && !(filter.OnlyBatches && kind == 2)
                && (filter.States.Count == 0 || filter.States.Contains((JobState)state));
            if (isWanted) groups.Add((service, kind, state, count));
        }

        return groups;
    }

    private static void ReadKeys(SqliteStatement rows, long? before, int limit, int offset, List<long> keys)
    {
        rows.Bind(1, limit).Bind(2, offset).Bind(6, before ?? long.MaxValue);
        while (rows.Step()) keys.Add(rows.Int64(0));
    }
}
