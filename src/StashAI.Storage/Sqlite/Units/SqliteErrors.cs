using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Units;

/// <summary>A job's failed tasks by kind of error, updated when tasks fail and when people retry them.</summary>
internal static class SqliteErrors
{
    private const string Count = """
        INSERT INTO job_errors (job_id, kind, count, example) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET count = count + excluded.count, example = COALESCE(example, excluded.example)
        """;

    private const string RemoveEmpty = "DELETE FROM job_errors WHERE job_id = ?1 AND kind = ?2 AND count <= 0";

    private const string List = "SELECT kind, count, example FROM job_errors WHERE job_id = ?1 ORDER BY count DESC, kind";

    public static void Move(SqliteSession session, long jobKey, ErrorKind kind, int count, string? example)
    {
        if (count == 0) return;
        session.Use(Count).Bind(1, jobKey).Bind(2, (int)kind).Bind(3, count).Bind(4, example).Run();
        if (count < 0) session.Use(RemoveEmpty).Bind(1, jobKey).Bind(2, (int)kind).Run();
    }

    public static IReadOnlyList<JobErrors> Of(SqliteSession session, long jobKey)
    {
        var errors = new List<JobErrors>();
        var rows = session.Use(List).Bind(1, jobKey);
        while (rows.Step()) errors.Add(new JobErrors((ErrorKind)rows.Int32(0), rows.Int32(1), rows.TextOrNull(2)));
        return errors;
    }
}
