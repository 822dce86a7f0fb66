using System.Text;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>
/// The history of a task: the stored attempts, and the one that completed it, which is in the task's own row (docs/adr/0004).
/// </summary>
internal static class SqliteAttempts
{
    private const int AnswerHeadBytes = 2048;

    private const string List = """
        SELECT a.attempt, a.fence, a.started_at, a.ended_at, a.event, a.http_status, a.error_kind, a.error_message, a.answer_head, n.name
        FROM task_attempts a LEFT JOIN nodes n ON n.id = a.node_id WHERE a.task_id = ?1 ORDER BY a.fence DESC LIMIT ?2
        """;

    private const string Completing = """
        SELECT t.attempt, t.fence, t.started_at, t.finished_at, t.http_status, substr(r.output, 1, 2048), n.name
        FROM queue_tasks t LEFT JOIN nodes n ON n.id = t.node_id LEFT JOIN task_results r ON r.task_id = t.id
        WHERE t.id = ?1 AND t.state = 3 /* Completed */ AND t.cached = 0
        """;

    public static IReadOnlyList<AttemptView> ListAttempts(SqliteSession session, long taskKey, int limit)
    {
        var attempts = new List<AttemptView>();
        if (FindCompleting(session, taskKey) is { } completing) attempts.Add(completing);
        var rows = session.Use(List).Bind(1, taskKey).Bind(2, Math.Max(0, limit - attempts.Count));
        while (rows.Step()) attempts.Add(Read(rows));
        attempts.Reverse();
        return attempts;
    }

    /// <summary>The newest stored attempt at each task.</summary>
    public static IReadOnlyDictionary<long, AttemptView> FindLast(SqliteSession session, IReadOnlyList<long> taskKeys)
    {
        var found = new Dictionary<long, AttemptView>(taskKeys.Count);
        foreach (var key in taskKeys)
        {
            var row = session.Use(List).Bind(1, key).Bind(2, 1);
            if (row.Step()) found[key] = Read(row);
        }

        return found;
    }

    private static AttemptView Read(SqliteStatement row) => new()
    {
        Number = row.Int32(0),
        Fence = row.Int32(1),
        StartedAt = Time(row, 2),
        EndedAt = Time(row, 3),
        Event = (TaskEvent)row.Int32(4),
        HttpStatus = row.IsNull(5) ? null : row.Int32(5),
        ErrorKind = (ErrorKind)row.Int32(6),
        ErrorMessage = row.TextOrNull(7),
        AnswerHead = row.TextOrNull(8),
        Node = row.Text(9),
    };

    private static AttemptView? FindCompleting(SqliteSession session, long taskKey)
    {
        var row = session.Use(Completing).Bind(1, taskKey);
        return row.Step()
            ? new AttemptView
            {
                Number = row.Int32(0),
                Fence = row.Int32(1),
                StartedAt = Time(row, 2),
                EndedAt = Time(row, 3),
                Event = TaskEvent.Succeed,
                HttpStatus = row.IsNull(4) ? null : row.Int32(4),
                ErrorKind = ErrorKind.None,
                ErrorMessage = null,
                AnswerHead = row.IsNull(5) ? null : Head(row.Blob(5)),
                Node = row.Text(6),
            }
            : null;
    }

    /// <summary>Decodes the first bytes of an answer, without a character that was cut in two.</summary>
    private static string Head(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return bytes.Length < AnswerHeadBytes ? text : text.TrimEnd('\uFFFD');
    }

    private static DateTimeOffset Time(SqliteStatement row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(column));
}
