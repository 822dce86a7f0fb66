using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>
/// Merges results into their jobs' aggregates in the transaction that records them, so that each counts exactly once and none is loaded
/// again.
/// </summary>
internal sealed class SqliteAggregates(SqliteSession session)
{
    private const string Read = "SELECT aggregate FROM job_aggregates WHERE job_id = ?1";

    private const string Save = "INSERT OR REPLACE INTO job_aggregates (job_id, aggregate) VALUES (?1, ?2)";

    private readonly SortedDictionary<long, List<ResultPart>> parts = [];

    /// <summary>Adds a recorded result.</summary>
    public void Add(long jobKey, ResultPart? part)
    {
        if (part is null) return;
        if (!parts.TryGetValue(jobKey, out var added)) parts.Add(jobKey, added = []);
        added.Add(part);
    }

    /// <summary>Updates the aggregates; returns an error of one of them, or null.</summary>
    public string? Finish()
    {
        string? problem = null;
        foreach (var (job, added) in parts) problem = Merge(job, added) ?? problem;
        return problem;
    }

    public static ReadOnlyMemory<byte> Of(SqliteSession session, long jobKey)
    {
        var row = session.Use(Read).Bind(1, jobKey);
        if (!row.Step()) return default;
        var aggregate = row.Blob(0);
        row.Reset();
        return aggregate;
    }

    private string? Merge(long jobKey, List<ResultPart> added)
    {
        var current = Of(session, jobKey);
        List<ReadOnlyMemory<byte>> all = [.. current.IsEmpty ? [] : (ReadOnlyMemory<byte>[])[current], .. added.Select(part => part.Json)];
        ReadOnlyMemory<byte> merged;
        try
        {
            merged = added[0].Fold.Merge(all);
        }
        catch (Exception exception)
        {
            // The fold is the adapter's code: its errors must not prevent results from being recorded.
            return exception.Message;
        }

        if (merged.Length > IResultFold.MaxBytes) return $"The aggregate of {merged.Length} bytes is larger than {IResultFold.MaxBytes}.";
        session.Use(Save).Bind(1, jobKey).Bind(2, merged.Span).Run();
        return null;
    }
}
