using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Groups of what results show of unknown subjects.</summary>
internal sealed class SqliteGroupings(SqliteWriter writer, SqliteReaders readers) : IGroupings
{
    /// <summary>Removes the grouping of a removed job.</summary>
    public const string Remove = "DELETE FROM job_groupings WHERE job_id = ?1";

    /// <summary>Removes the groups of a job.</summary>
    public const string RemoveGroups = "DELETE FROM job_groups WHERE job_id = ?1";

    /// <summary>Removes the members of a job's groups.</summary>
    public const string RemoveMembers = "DELETE FROM job_group_members WHERE job_id = ?1";

    private const string Begin = """
        INSERT INTO job_groupings (job_id, bulk_id, jobs, threshold, min_size, total, started_at, updated_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, stashai_now(), stashai_now()
        WHERE EXISTS (SELECT 1 FROM queue_jobs WHERE id = ?1 AND state <> 6 /* Staging */)
        ON CONFLICT (job_id) DO UPDATE SET bulk_id = excluded.bulk_id, jobs = excluded.jobs, threshold = excluded.threshold,
            min_size = excluded.min_size, total = excluded.total, done = 0, parts = 0, unknown = 0, groups = 0, version = NULL, is_over = 0,
            started_at = excluded.started_at, updated_at = excluded.updated_at
        WHERE job_groupings.bulk_id < excluded.bulk_id
        """;

    private const string Erased = $"FROM job_groups WHERE job_id = ?1 AND is_named = 1 AND subject = '{Erasure.Mark}'";

    // Groups whose subject was erased are listed no more, and so do not count.
    private const string Find = $"""
        SELECT bulk_id, jobs, threshold, min_size, total, done, parts, unknown - (SELECT COALESCE(SUM(members), 0) {Erased}),
            groups - (SELECT COUNT(*) {Erased}), version, is_over, started_at, updated_at
        FROM job_groupings WHERE job_id = ?1
        """;

    private const string Derived = """
        SELECT d.task_id, (SELECT input FROM task_inputs WHERE task_id = d.task_id), d.data
        FROM task_derived d JOIN queue_tasks t ON t.id = d.task_id
        WHERE d.task_id >= ?1 AND d.task_id < ?2 AND t.state = 3 /* Completed */ ORDER BY d.task_id LIMIT ?3
        """;

    private const string Save =
        "UPDATE job_groupings SET done = ?3, updated_at = stashai_now() WHERE job_id = ?1 AND bulk_id = ?2 AND is_over = 0";

    private const string End = """
        UPDATE job_groupings SET done = ?3, parts = ?4, unknown = ?5, groups = ?6, version = ?7, is_over = 1, updated_at = stashai_now()
        WHERE job_id = ?1 AND bulk_id = ?2 AND is_over = 0
        """;

    private const string AddGroup = "INSERT INTO job_groups (job_id, number, members, results, best) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string AddMember = "INSERT INTO job_group_members (job_id, number, position, task_id, part) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string List = """
        SELECT number, members, results, best, subject, is_named FROM job_groups WHERE job_id = ?1 AND number >= ?2 ORDER BY number LIMIT ?3
        """;

    private const string Members = """
        SELECT m.number, m.position, m.task_id, m.part FROM job_group_members m JOIN queue_tasks t ON t.id = m.task_id
        WHERE m.job_id = ?1 AND m.number >= ?2 AND m.number <= ?3 AND m.position >= ?4 AND m.position < ?5
        ORDER BY m.number, m.position
        """;

    private const string Name = """
        UPDATE job_groups SET subject = ?5, is_named = ?6
        WHERE job_id = ?1 AND number = ?3 AND subject IS ?4
            AND EXISTS (SELECT 1 FROM job_groupings WHERE job_id = ?1 AND bulk_id = ?2 AND is_over = 1)
        """;

    public Task BeginGroupingAsync(Grouping grouping, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            var begun = session.Use(Begin).Bind(1, grouping.JobKey).Bind(2, grouping.BulkKey).Bind(3, BulkText.Of(grouping.Jobs))
                .Bind(4, grouping.Threshold).Bind(5, grouping.MinSize).Bind(6, grouping.Total).Run();
            if (begun == 0) return false;
            session.Use(RemoveGroups).Bind(1, grouping.JobKey).Run();
            session.Use(RemoveMembers).Bind(1, grouping.JobKey).Run();
            return true;
        },
        cancellationToken, isBulk: true);

    public Task<Grouping?> FindGroupingAsync(long jobKey, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var row = session.Use(Find).Bind(1, jobKey);
            if (!row.Step()) return null;
            var found = new Grouping
            {
                JobKey = jobKey,
                BulkKey = row.Int64(0),
                Jobs = BulkText.Keys(row.Text(1)),
                Threshold = row.IsNull(2) ? null : row.Real(2),
                MinSize = row.Int32(3),
                Total = row.Int32(4),
                Done = row.Int32(5),
                Parts = row.Int32(6),
                Unknown = row.Int32(7),
                Groups = row.Int32(8),
                Version = row.IsNull(9) ? null : row.Int64(9),
                IsOver = row.Int32(10) != 0,
                StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(11)),
                UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(12)),
            };
            row.Reset();
            return found;
        },
        cancellationToken);

    public Task<IReadOnlyList<StoredResult>> ReadDerivedAsync(long jobKey, int from, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<StoredResult>>(
            session =>
            {
                var results = new List<StoredResult>();
                var row = session.Use(Derived).Bind(1, TaskKey.From(jobKey, from)).Bind(2, TaskKey.From(jobKey + 1, 0))
                    .Bind(3, IGroupings.MaxResults);
                while (row.Step())
                {
                    var input = row.IsNull(1) ? default : row.Blob(1);
                    results.Add(new StoredResult(row.Int64(0), input, default, row.Blob(2)) { Recorded = default });
                }

                row.Reset();
                return results;
            },
            cancellationToken);

    public Task SaveGroupingAsync(Grouping grouping, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Save).Bind(1, grouping.JobKey).Bind(2, grouping.BulkKey).Bind(3, grouping.Done).Run(), cancellationToken);

    public Task<bool> EndGroupingAsync(
        Grouping grouping, IReadOnlyList<(StoredGroup Group, IReadOnlyList<StoredMember> Members)> groups,
        CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            var ended = session.Use(End).Bind(1, grouping.JobKey).Bind(2, grouping.BulkKey).Bind(3, grouping.Done).Bind(4, grouping.Parts)
                .Bind(5, grouping.Unknown).Bind(6, groups.Count).Bind(7, grouping.Version).Run();
            if (ended == 0) return false;
            foreach (var (group, members) in groups)
            {
                session.Use(AddGroup).Bind(1, grouping.JobKey).Bind(2, group.Number).Bind(3, group.Members).Bind(4, group.Results)
                    .Bind(5, group.Best).Run();
                foreach (var member in members)
                {
                    session.Use(AddMember).Bind(1, grouping.JobKey).Bind(2, group.Number).Bind(3, member.Position).Bind(4, member.TaskKey)
                        .Bind(5, member.Part).Run();
                }
            }

            return true;
        },
        cancellationToken, isBulk: true);

    public Task<IReadOnlyList<StoredGroup>> ListGroupsAsync(long jobKey, int from, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<StoredGroup>>(
            session =>
            {
                var groups = new List<StoredGroup>();
                var row = session.Use(List).Bind(1, jobKey).Bind(2, from).Bind(3, limit);
                while (row.Step())
                {
                    groups.Add(new StoredGroup(
                        row.Int32(0), row.Int32(1), row.Int32(2), row.Int32(3), row.TextOrNull(4), row.Int32(5) != 0));
                }

                row.Reset();
                return groups;
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredMember>> ListMembersAsync(
        long jobKey, int from, int to, int position, int end, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<StoredMember>>(
            session =>
            {
                var members = new List<StoredMember>();
                var row = session.Use(Members).Bind(1, jobKey).Bind(2, from).Bind(3, to).Bind(4, position).Bind(5, end);
                while (row.Step()) members.Add(new StoredMember(row.Int32(0), row.Int32(1), row.Int64(2), row.Int32(3)));
                row.Reset();
                return members;
            },
            cancellationToken);

    public Task<bool> NameGroupAsync(
        long jobKey, long bulkKey, int number, string? expected, string? subject, bool isNamed, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session => session.Use(Name).Bind(1, jobKey).Bind(2, bulkKey).Bind(3, number).Bind(4, expected).Bind(5, subject)
                .Bind(6, isNamed ? 1 : 0).Run() > 0,
            cancellationToken);
}
