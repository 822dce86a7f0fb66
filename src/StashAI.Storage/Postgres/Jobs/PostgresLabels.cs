using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>Writes the labels of jobs.</summary>
internal static class PostgresLabels
{
    private const string Insert = """
        INSERT INTO job_labels (job_id, kind, value) SELECT $1, l.kind, l.value FROM unnest($2::smallint[], $3::text[]) AS l (kind, value)
        """;

    private const string RemoveTags = "DELETE FROM job_labels WHERE job_id = $1 AND kind = 0 /* a tag */";

    private const string RemoveName = "DELETE FROM job_labels WHERE job_id = $1 AND kind = 2 /* the name */";

    public static void Add(PostgresBatch batch, long jobKey, NewJob job) => Add(batch, jobKey, JobLabels.Of(job));

    /// <summary>Gives a job these tags instead of its own.</summary>
    public static void Replace(PostgresBatch batch, long jobKey, IReadOnlyList<string> tags)
    {
        batch.Add(RemoveTags, Value(jobKey));
        Add(batch, jobKey, [.. tags.Distinct(StringComparer.Ordinal).Select(tag => (JobLabels.Tag, tag))]);
    }

    /// <summary>Gives a job this name to be sorted by instead of its own.</summary>
    public static void Rename(PostgresBatch batch, long jobKey, string name)
    {
        batch.Add(RemoveName, Value(jobKey));
        Add(batch, jobKey, JobLabels.OfName(name));
    }

    private static void Add(PostgresBatch batch, long jobKey, IReadOnlyList<(int Kind, string Value)> labels)
    {
        if (labels.Count == 0) return;
        batch.Add(
            Insert, Value(jobKey), Value(labels.Select(label => (short)label.Kind).ToArray()),
            Value(labels.Select(label => PostgresText.ToStorable(label.Value)!).ToArray()));
    }
}
