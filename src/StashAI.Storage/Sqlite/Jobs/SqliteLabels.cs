using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Writes the labels of jobs.</summary>
internal static class SqliteLabels
{
    private const string Insert = "INSERT INTO job_labels (job_id, kind, value) VALUES (?1, ?2, ?3)";

    private const string RemoveTags = "DELETE FROM job_labels WHERE job_id = ?1 AND kind = 0 /* a tag */";

    private const string RemoveName = "DELETE FROM job_labels WHERE job_id = ?1 AND kind = 2 /* the name */";

    public static void Add(SqliteSession session, long jobKey, NewJob job)
    {
        foreach (var (kind, value) in JobLabels.Of(job)) session.Use(Insert).Bind(1, jobKey).Bind(2, kind).Bind(3, value).Run();
    }

    /// <summary>Gives a job these tags instead of its own.</summary>
    public static void Replace(SqliteSession session, long jobKey, IReadOnlyList<string> tags)
    {
        session.Use(RemoveTags).Bind(1, jobKey).Run();
        foreach (var tag in tags.Distinct(StringComparer.Ordinal))
            session.Use(Insert).Bind(1, jobKey).Bind(2, JobLabels.Tag).Bind(3, tag).Run();
    }

    /// <summary>Gives a job this name to be sorted by instead of its own.</summary>
    public static void Rename(SqliteSession session, long jobKey, string name)
    {
        session.Use(RemoveName).Bind(1, jobKey).Run();
        foreach (var (kind, value) in JobLabels.OfName(name)) session.Use(Insert).Bind(1, jobKey).Bind(2, kind).Bind(3, value).Run();
    }
}
