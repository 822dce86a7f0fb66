using Npgsql;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>Reads the groups of a job's failures.</summary>
internal static class PostgresFailureList
{
    private static readonly int[] ExampleColumns = [8, 9, 10];

    private const string Columns = """
        SELECT fingerprint, kind, http_status, pattern, message, count, first_at, last_at, example_1, example_2, example_3
        FROM job_failures
        """;

    private const string List = $"{Columns} WHERE job_id = $1 ORDER BY count DESC, fingerprint LIMIT $2";

    private const string Find = $"{Columns} WHERE job_id = $1 AND fingerprint = $2";

    public static async Task<IReadOnlyList<FailureGroup>> ListAsync(PostgresSession session, long jobKey,
        CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(List, Value(jobKey), Value(IRead.MaxFailureGroups));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var groups = new List<FailureGroup>();
        while (await rows.ReadAsync(cancellationToken)) groups.Add(Read(rows));
        return groups;
    }

    public static async Task<FailureGroup?> FindAsync(PostgresSession session, long jobKey, long fingerprint,
        CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Find, Value(jobKey), Value(fingerprint));
        await using var rows = await batch.ReadAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? Read(rows) : null;
    }

    private static FailureGroup Read(NpgsqlDataReader row) => new()
    {
        Fingerprint = row.GetInt64(0),
        Kind = (ErrorKind)row.GetInt16(1),
        HttpStatus = row.IsDBNull(2) ? null : row.GetInt32(2),
        Pattern = row.GetString(3),
        Message = PostgresRows.TextOrNull(row, 4),
        Count = row.GetInt32(5),
        FirstAt = PostgresRows.Time(row, 6),
        LastAt = PostgresRows.Time(row, 7),
        Examples = [.. ExampleColumns.Where(column => !row.IsDBNull(column)).Select(row.GetInt64)],
    };
}
