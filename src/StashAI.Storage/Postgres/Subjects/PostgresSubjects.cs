using Npgsql;
using StashAI.Sdk;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Subjects;

/// <summary>
/// Stores who or what results show, in the transaction that stores the results. Their jobs must be locked when <see cref="Find"/> runs.
/// </summary>
internal sealed class PostgresSubjects
{
    /// <summary>The subjects of results that were stored before. $1: the keys of their tasks.</summary>
    public const string Find = "SELECT task_id, subject, score FROM task_subjects WHERE task_id = ANY ($1)";

    private const string RemoveSome = """
        DELETE FROM task_subjects t USING unnest($1::bigint[], $2::text[]) AS g (id, subject) WHERE t.task_id = g.id AND t.subject = g.subject
        """;

    private const string Save = """
        INSERT INTO task_subjects (task_id, subject, score, job_id)
        SELECT id, subject, score, id >> 24 FROM unnest($1::bigint[], $2::text[], $3::float8[]) AS s (id, subject, score)
        ON CONFLICT (task_id, subject) DO UPDATE SET score = excluded.score
        """;

    private const string Count = """
        INSERT INTO job_subjects AS s (job_id, subject, tasks, best)
        SELECT c.job, c.subject, c.tasks,
            COALESCE((SELECT MAX(t.score) FROM task_subjects t WHERE t.job_id = c.job AND t.subject = c.subject), 0)
        FROM unnest($1::bigint[], $2::text[], $3::int[]) AS c (job, subject, tasks)
        ON CONFLICT (job_id, subject) DO UPDATE SET tasks = s.tasks + excluded.tasks, best = excluded.best
        """;

    private const string RemoveEmpty = "DELETE FROM job_subjects WHERE job_id = ANY ($1) AND tasks = 0";

    private static readonly Dictionary<string, double> None = [];

    private readonly Dictionary<long, Dictionary<string, double>> before = [];
    private readonly SubjectChanges changes = new();

    /// <summary>Reads the rows of <see cref="Find"/>.</summary>
    public async Task LoadAsync(NpgsqlDataReader rows)
    {
        while (await rows.ReadAsync())
        {
            if (!before.TryGetValue(rows.GetInt64(0), out var known)) before.Add(rows.GetInt64(0), known = new(StringComparer.Ordinal));
            known.Add(rows.GetString(1), rows.GetDouble(2));
        }
    }

    /// <summary>Sets the subjects of a result. If it was stored before, its subjects must be loaded.</summary>
    public void Replace(long taskKey, IReadOnlyList<ResultSubject> subjects)
    {
        var known = before.GetValueOrDefault(taskKey, None);
        if (known.Count + subjects.Count > 0) changes.Replace(taskKey, known, subjects);
    }

    /// <summary>Adds the statements that write the changes, and the sums of their jobs.</summary>
    public void Finish(PostgresBatch batch)
    {
        if (changes.IsEmpty) return;
        var (removed, saved, counts) = (changes.Removed, changes.Saved, changes.Counts);
        if (removed.Count > 0)
        {
            batch.Add(
                RemoveSome, Value(removed.Select(one => one.Task).ToArray()), Value(removed.Select(one => one.Subject).ToArray()));
        }

        if (saved.Count > 0)
        {
            batch.Add(
                Save, Value(saved.Select(one => one.Task).ToArray()), Value(saved.Select(one => one.Subject).ToArray()),
                Value(saved.Select(one => one.Score).ToArray()));
        }

        batch.Add(
            Count, Value(counts.Keys.Select(key => key.Job).ToArray()), Value(counts.Keys.Select(key => key.Subject).ToArray()),
            Value(counts.Values.ToArray()));
        long[] shrunk = [.. counts.Where(one => one.Value < 0).Select(one => one.Key.Job).Distinct()];
        if (shrunk.Length > 0) batch.Add(RemoveEmpty, Value(shrunk));
    }
}
