using StashAI.Sdk;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Subjects;

/// <summary>Stores who or what results show, in the transaction that stores the results.</summary>
internal sealed class SqliteSubjects(SqliteSession session)
{
    private const string Find = "SELECT subject, score FROM task_subjects WHERE task_id = ?1";

    private const string RemoveOne = "DELETE FROM task_subjects WHERE task_id = ?1 AND subject = ?2";

    private const string Save = """
        INSERT INTO task_subjects (task_id, subject, score, job_id) VALUES (?1, ?2, ?3, ?1 >> 24)
        ON CONFLICT (task_id, subject) DO UPDATE SET score = excluded.score
        """;

    private const string Count = """
        INSERT INTO job_subjects (job_id, subject, tasks, best)
        VALUES (?1, ?2, ?3, COALESCE((SELECT MAX(score) FROM task_subjects WHERE job_id = ?1 AND subject = ?2), 0))
        ON CONFLICT (job_id, subject) DO UPDATE SET tasks = tasks + excluded.tasks, best = excluded.best
        """;

    private const string RemoveEmpty = "DELETE FROM job_subjects WHERE job_id = ?1 AND subject = ?2 AND tasks = 0";

    private static readonly Dictionary<string, double> None = [];

    private readonly SubjectChanges changes = new();

    /// <summary>Adds the subjects of a result that is new.</summary>
    public void Add(long taskKey, IReadOnlyList<ResultSubject> subjects)
    {
        if (subjects.Count > 0) changes.Replace(taskKey, None, subjects);
    }

    /// <summary>Replaces the subjects of a result that was stored before.</summary>
    public void Replace(long taskKey, IReadOnlyList<ResultSubject> subjects)
    {
        var before = new Dictionary<string, double>(StringComparer.Ordinal);
        var rows = session.Use(Find).Bind(1, taskKey);
        while (rows.Step()) before.Add(rows.Text(0), rows.Real(1));
        changes.Replace(taskKey, before, subjects);
    }

    /// <summary>Writes the changes, and the sums of their jobs.</summary>
    public void Finish()
    {
        if (changes.IsEmpty) return;
        foreach (var (task, subject) in changes.Removed) session.Use(RemoveOne).Bind(1, task).Bind(2, subject).Run();
        foreach (var (task, subject, score) in changes.Saved) session.Use(Save).Bind(1, task).Bind(2, subject).Bind(3, score).Run();
        foreach (var ((job, subject), count) in changes.Counts)
        {
            session.Use(Count).Bind(1, job).Bind(2, subject).Bind(3, count).Run();
            if (count < 0) session.Use(RemoveEmpty).Bind(1, job).Bind(2, subject).Run();
        }
    }
}
