using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Units;

/// <summary>A job's failed tasks by fingerprint, grouped as they fail and as people retry or skip them.</summary>
internal static class SqliteFailures
{
    private static readonly int[] ExampleColumns = [8, 9, 10];

    private const string Add = """
        INSERT INTO job_failures
            (job_id, fingerprint, kind, http_status, pattern, message, count, first_at, last_at, example_1, example_2, example_3)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, stashai_now(), stashai_now(), ?8, ?9, ?10)
        ON CONFLICT DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at,
            example_1 = COALESCE(example_1, excluded.example_1),
            example_2 = COALESCE(example_2, CASE WHEN example_1 IS NULL THEN excluded.example_2 ELSE excluded.example_1 END),
            example_3 = COALESCE(example_3, CASE WHEN example_1 IS NULL THEN excluded.example_3
                WHEN example_2 IS NULL THEN excluded.example_2 ELSE excluded.example_1 END)
        """;

    private const string TakeBack = """
        UPDATE job_failures SET count = count - ?3,
            example_1 = CASE WHEN example_1 BETWEEN ?4 AND ?5 THEN NULL ELSE example_1 END,
            example_2 = CASE WHEN example_2 BETWEEN ?4 AND ?5 THEN NULL ELSE example_2 END,
            example_3 = CASE WHEN example_3 BETWEEN ?4 AND ?5 THEN NULL ELSE example_3 END
        WHERE job_id = ?1 AND fingerprint = ?2
        """;

    private const string RemoveEmpty = "DELETE FROM job_failures WHERE job_id = ?1 AND fingerprint = ?2 AND count <= 0";

    private const string List = """
        SELECT fingerprint, kind, http_status, pattern, message, count, first_at, last_at, example_1, example_2, example_3
        FROM job_failures WHERE job_id = ?1 ORDER BY count DESC, fingerprint LIMIT ?2
        """;

    private const string Find = """
        SELECT fingerprint, kind, http_status, pattern, message, count, first_at, last_at, example_1, example_2, example_3
        FROM job_failures WHERE job_id = ?1 AND fingerprint = ?2
        """;

    public static void Move(SqliteSession session, long jobKey, long fingerprint, FailureDelta delta)
    {
        if (delta is { Added: > 0, Failure: { } failure })
        {
            session.Use(Add).Bind(1, jobKey).Bind(2, fingerprint).Bind(3, (int)failure.Kind).Bind(4, failure.HttpStatus)
                .Bind(5, failure.Pattern).Bind(6, failure.Message).Bind(7, delta.Added)
                .Bind(8, delta.Example(0)).Bind(9, delta.Example(1)).Bind(10, delta.Example(2)).Run();
        }

        if (delta.TakenBack == 0) return;
        session.Use(TakeBack).Bind(1, jobKey).Bind(2, fingerprint).Bind(3, delta.TakenBack).Bind(4, delta.Range.First)
            .Bind(5, delta.Range.Last).Run();
        session.Use(RemoveEmpty).Bind(1, jobKey).Bind(2, fingerprint).Run();
    }

    public static IReadOnlyList<FailureGroup> Of(SqliteSession session, long jobKey)
    {
        var groups = new List<FailureGroup>();
        var rows = session.Use(List).Bind(1, jobKey).Bind(2, IRead.MaxFailureGroups);
        while (rows.Step()) groups.Add(Read(rows));
        return groups;
    }

    public static FailureGroup? FindOf(SqliteSession session, long jobKey, long fingerprint)
    {
        var row = session.Use(Find).Bind(1, jobKey).Bind(2, fingerprint);
        return row.Step() ? Read(row) : null;
    }

    private static FailureGroup Read(SqliteStatement row) => new()
    {
        Fingerprint = row.Int64(0),
        Kind = (ErrorKind)row.Int32(1),
        HttpStatus = row.IsNull(2) ? null : row.Int32(2),
        Pattern = row.Text(3),
        Message = row.TextOrNull(4),
        Count = row.Int32(5),
        FirstAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(6)),
        LastAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(7)),
        Examples = [.. ExampleColumns.Where(column => !row.IsNull(column)).Select(row.Int64)],
    };
}
