using Npgsql;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>Groups of what results show of unknown subjects.</summary>
internal sealed class PostgresGroupings(PostgresDatabase database) : IGroupings
{
    private const string BeginOne = """
        INSERT INTO job_groupings (job_id, bulk_id, jobs, threshold, min_size, total, started_at, updated_at)
        SELECT $1::bigint, $2::bigint, $3::text, $4::double precision, $5::integer, $6::integer, stashai_now(), stashai_now()
        WHERE EXISTS (SELECT 1 FROM queue_jobs WHERE id = $1 AND state <> 6 /* Staging */)
        ON CONFLICT (job_id) DO UPDATE SET bulk_id = excluded.bulk_id, jobs = excluded.jobs, threshold = excluded.threshold,
            min_size = excluded.min_size, total = excluded.total, done = 0, parts = 0, unknown = 0, groups = 0, version = NULL, is_over = 0,
            started_at = excluded.started_at, updated_at = excluded.updated_at
        WHERE job_groupings.bulk_id < excluded.bulk_id
        RETURNING job_id
        """;

    // Only if this operation is the one that the grouping belongs to now.
    private const string RemoveGroups = """
        DELETE FROM job_groups WHERE job_id = $1 AND EXISTS (SELECT 1 FROM job_groupings WHERE job_id = $1 AND bulk_id = $2 AND is_over = 0)
        """;

    private const string RemoveMembers = """
        DELETE FROM job_group_members
        WHERE job_id = $1 AND EXISTS (SELECT 1 FROM job_groupings WHERE job_id = $1 AND bulk_id = $2 AND is_over = 0)
        """;

    private const string Erased = $"FROM job_groups WHERE job_id = $1 AND is_named = 1 AND subject = '{Erasure.Mark}'";

    // Groups whose subject was erased are listed no more, and so do not count.
    private const string Find = $"""
        SELECT job_id, bulk_id, jobs, threshold, min_size, total, done, parts, unknown - (SELECT COALESCE(SUM(members), 0)::int {Erased}),
            groups - (SELECT COUNT(*)::int {Erased}), version, is_over, started_at, updated_at
        FROM job_groupings WHERE job_id = $1
        """;

    private const string Derived = """
        SELECT d.task_id, (SELECT input FROM task_inputs WHERE task_id = d.task_id), d.data
        FROM task_derived d JOIN queue_tasks t ON t.id = d.task_id
        WHERE d.task_id >= $1 AND d.task_id < $2 AND t.state = 3 /* Completed */ ORDER BY d.task_id LIMIT $3
        """;

    private const string Save =
        "UPDATE job_groupings SET done = $3, updated_at = stashai_now() WHERE job_id = $1 AND bulk_id = $2 AND is_over = 0";

    private const string EndOne = """
        UPDATE job_groupings SET done = $3, parts = $4, unknown = $5, groups = $6, version = $7, is_over = 1, updated_at = stashai_now()
        WHERE job_id = $1 AND bulk_id = $2 AND is_over = 0 RETURNING job_id
        """;

    private const string AddGroups = """
        INSERT INTO job_groups (job_id, number, members, results, best)
        SELECT $1::bigint, g.number, g.members, g.results, g.best
        FROM unnest($2::integer[], $3::integer[], $4::integer[], $5::integer[]) AS g (number, members, results, best)
        """;

    private const string AddMembers = """
        INSERT INTO job_group_members (job_id, number, position, task_id, part)
        SELECT $1::bigint, m.number, m.position, m.task_id, m.part
        FROM unnest($2::integer[], $3::integer[], $4::bigint[], $5::integer[]) AS m (number, position, task_id, part)
        """;

    private const string List = """
        SELECT number, members, results, best, subject, is_named FROM job_groups WHERE job_id = $1 AND number >= $2 ORDER BY number LIMIT $3
        """;

    private const string Members = """
        SELECT m.number, m.position, m.task_id, m.part FROM job_group_members m JOIN queue_tasks t ON t.id = m.task_id
        WHERE m.job_id = $1 AND m.number >= $2 AND m.number <= $3 AND m.position >= $4 AND m.position < $5
        ORDER BY m.number, m.position
        """;

    private const string Name = """
        UPDATE job_groups SET subject = $5::text, is_named = $6::smallint
        WHERE job_id = $1 AND number = $3 AND subject IS NOT DISTINCT FROM $4::text
            AND EXISTS (SELECT 1 FROM job_groupings WHERE job_id = $1 AND bulk_id = $2 AND is_over = 1)
        RETURNING job_id
        """;

    public Task BeginGroupingAsync(Grouping grouping, CancellationToken cancellationToken) => database.RunAsync(
        async session =>
        {
            await using var batch = session.Batch()
                .Add(Begin)
                .Add(PostgresUnit.LockJobs, Value<long[]>([grouping.JobKey]))
                .Add(
                    BeginOne, Value(grouping.JobKey), Value(grouping.BulkKey), Text(BulkText.Of(grouping.Jobs)), OrNull(grouping.Threshold),
                    Value(grouping.MinSize), Value(grouping.Total))
                .Add(RemoveGroups, Value(grouping.JobKey), Value(grouping.BulkKey))
                .Add(RemoveMembers, Value(grouping.JobKey), Value(grouping.BulkKey))
                .Add(Commit);
            await batch.RunAsync(CancellationToken.None);
            return true;
        },
        cancellationToken);

    public async Task<Grouping?> FindGroupingAsync(long jobKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Find, Value(jobKey));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<StoredResult>> ReadDerivedAsync(long jobKey, int from, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Derived, Value(TaskKey.From(jobKey, from)), Value(TaskKey.From(jobKey + 1, 0)), Value((long)IGroupings.MaxResults));
        return await PostgresRows.ListAsync(
            batch,
            row => new StoredResult(
                row.GetInt64(0), row.IsDBNull(1) ? default(ReadOnlyMemory<byte>) : row.GetFieldValue<byte[]>(1), default,
                row.GetFieldValue<byte[]>(2))
            { Recorded = default },
            cancellationToken);
    }

    public async Task SaveGroupingAsync(Grouping grouping, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Save, Value(grouping.JobKey), Value(grouping.BulkKey), Value(grouping.Done));
        await batch.RunAsync(CancellationToken.None);
    }

    public Task<bool> EndGroupingAsync(
        Grouping grouping, IReadOnlyList<(StoredGroup Group, IReadOnlyList<StoredMember> Members)> groups,
        CancellationToken cancellationToken) => database.RunAsync(session => EndAsync(session, grouping, groups), cancellationToken);

    public async Task<IReadOnlyList<StoredGroup>> ListGroupsAsync(long jobKey, int from, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(List, Value(jobKey), Value(from), Value((long)limit));
        return await PostgresRows.ListAsync(
            batch,
            row => new StoredGroup(
                row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), PostgresRows.TextOrNull(row, 4), row.GetInt16(5) != 0),
            cancellationToken);
    }

    public async Task<IReadOnlyList<StoredMember>> ListMembersAsync(
        long jobKey, int from, int to, int position, int end, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Members, Value(jobKey), Value(from), Value(to), Value(position), Value(end));
        return await PostgresRows.ListAsync(
            batch, row => new StoredMember(row.GetInt32(0), row.GetInt32(1), row.GetInt64(2), row.GetInt32(3)), cancellationToken);
    }

    public async Task<bool> NameGroupAsync(
        long jobKey, long bulkKey, int number, string? expected, string? subject, bool isNamed, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Name, Value(jobKey), Value(bulkKey), Value(number), Text(expected), Text(subject), Value((short)(isNamed ? 1 : 0)));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count > 0;
    }

    private static async Task<bool> EndAsync(
        PostgresSession session, Grouping grouping, IReadOnlyList<(StoredGroup Group, IReadOnlyList<StoredMember> Members)> groups)
    {
        await using (var end = session.Batch()
            .Add(Begin)
            .Add(PostgresUnit.LockJobs, Value<long[]>([grouping.JobKey]))
            .Add(
                EndOne, Value(grouping.JobKey), Value(grouping.BulkKey), Value(grouping.Done), Value(grouping.Parts),
                Value(grouping.Unknown), Value(groups.Count), OrNull(grouping.Version)))
        {
            bool isEnded;
            await using (var rows = await end.ReadAsync(CancellationToken.None))
            {
                await rows.NextResultAsync();
                isEnded = await rows.ReadAsync();
                await PostgresBatch.EndAsync(rows, CancellationToken.None);
            }

            if (!isEnded)
            {
                await using var undo = session.Batch().Add(Rollback);
                await undo.RunAsync(CancellationToken.None);
                return false;
            }
        }

        var members = groups.SelectMany(group => group.Members).ToList();
        await using var batch = session.Batch()
            .Add(
                AddGroups, Value(grouping.JobKey), Value(groups.Select(group => group.Group.Number).ToArray()),
                Value(groups.Select(group => group.Group.Members).ToArray()), Value(groups.Select(group => group.Group.Results).ToArray()),
                Value(groups.Select(group => group.Group.Best).ToArray()))
            .Add(
                AddMembers, Value(grouping.JobKey), Value(members.Select(member => member.Number).ToArray()),
                Value(members.Select(member => member.Position).ToArray()), Value(members.Select(member => member.TaskKey).ToArray()),
                Value(members.Select(member => member.Part).ToArray()))
            .Add(Commit);
        await batch.RunAsync(CancellationToken.None);
        return true;
    }

    private static Grouping Read(NpgsqlDataReader row) => new()
    {
        JobKey = row.GetInt64(0),
        BulkKey = row.GetInt64(1),
        Jobs = BulkText.Keys(row.GetString(2)),
        Threshold = row.IsDBNull(3) ? null : row.GetDouble(3),
        MinSize = row.GetInt32(4),
        Total = row.GetInt32(5),
        Done = row.GetInt32(6),
        Parts = row.GetInt32(7),
        Unknown = row.GetInt32(8),
        Groups = row.GetInt32(9),
        Version = row.IsDBNull(10) ? null : row.GetInt64(10),
        IsOver = row.GetInt16(11) != 0,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(12)),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(13)),
    };
}
