using System.Text;
using Npgsql;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>
/// The history of a task: the stored attempts, and the one that completed it, which is in the task's own row (docs/adr/0004).
/// </summary>
internal static class PostgresAttempts
{
    private const int AnswerHeadBytes = 2048;

    private const string List = """
        SELECT a.attempt, a.fence, a.started_at, a.ended_at, a.event, a.http_status, a.error_kind, a.error_message, a.answer_head, n.name
        FROM task_attempts a LEFT JOIN nodes n ON n.id = a.node_id WHERE a.task_id = $1 ORDER BY a.fence DESC LIMIT $2
        """;

    private const string Last = """
        SELECT DISTINCT ON (a.task_id) a.attempt, a.fence, a.started_at, a.ended_at, a.event, a.http_status, a.error_kind, a.error_message,
            a.answer_head, n.name, a.task_id
        FROM task_attempts a LEFT JOIN nodes n ON n.id = a.node_id WHERE a.task_id = ANY($1) ORDER BY a.task_id, a.fence DESC
        """;

    private const string Completing = """
        SELECT t.attempt, t.fence, t.started_at, t.finished_at, t.http_status, substring(r.output FROM 1 FOR 2048), n.name
        FROM queue_tasks t LEFT JOIN nodes n ON n.id = t.node_id LEFT JOIN task_results r ON r.task_id = t.id
        WHERE t.id = $1 AND t.state = 3 /* Completed */ AND t.cached = 0
        """;

    public static async Task<IReadOnlyList<AttemptView>> ListAttemptsAsync(
        PostgresSession session, long taskKey, int limit, CancellationToken cancellationToken)
    {
        var attempts = new List<AttemptView>();
        await using var batch = session.Batch().Add(Completing, Value(taskKey)).Add(List, Value(taskKey), Value(Math.Max(0, limit)));
        await using var rows = await batch.ReadAsync(cancellationToken);
        if (await rows.ReadAsync(cancellationToken)) attempts.Add(ReadCompleting(rows));
        await rows.NextResultAsync(cancellationToken);
        while (attempts.Count < limit && await rows.ReadAsync(cancellationToken)) attempts.Add(Read(rows));
        attempts.Reverse();
        return attempts;
    }

    /// <summary>The newest stored attempt at each task.</summary>
    public static async Task<IReadOnlyDictionary<long, AttemptView>> FindLastAsync(
        PostgresSession session, IReadOnlyList<long> taskKeys, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Last, Value(taskKeys.ToArray()));
        var found = await PostgresRows.ListAsync(batch, row => (Key: row.GetInt64(10), Attempt: Read(row)), cancellationToken);
        return found.ToDictionary(one => one.Key, one => one.Attempt);
    }

    private static AttemptView Read(NpgsqlDataReader row) => new()
    {
        Number = row.GetInt32(0),
        Fence = row.GetInt32(1),
        StartedAt = Time(row, 2),
        EndedAt = Time(row, 3),
        Event = (TaskEvent)row.GetInt16(4),
        HttpStatus = row.IsDBNull(5) ? null : row.GetInt32(5),
        ErrorKind = (ErrorKind)row.GetInt16(6),
        ErrorMessage = row.IsDBNull(7) ? null : row.GetString(7),
        AnswerHead = row.IsDBNull(8) ? null : row.GetString(8),
        Node = row.IsDBNull(9) ? "" : row.GetString(9),
    };

    private static AttemptView ReadCompleting(NpgsqlDataReader row) => new()
    {
        Number = row.GetInt32(0),
        Fence = row.GetInt32(1),
        StartedAt = Time(row, 2),
        EndedAt = Time(row, 3),
        Event = TaskEvent.Succeed,
        HttpStatus = row.IsDBNull(4) ? null : row.GetInt32(4),
        ErrorKind = ErrorKind.None,
        ErrorMessage = null,
        AnswerHead = row.IsDBNull(5) ? null : Head(row.GetFieldValue<byte[]>(5)),
        Node = row.IsDBNull(6) ? "" : row.GetString(6),
    };

    /// <summary>Decodes the first bytes of an answer, without a character that was cut in two.</summary>
    private static string Head(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return bytes.Length < AnswerHeadBytes ? text : text.TrimEnd('\uFFFD');
    }

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
