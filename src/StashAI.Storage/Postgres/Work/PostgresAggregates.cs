using Npgsql;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>
/// Merges results into their jobs' aggregates in the transaction that records them, so that each counts exactly once and none is loaded
/// again. The jobs must be locked when <see cref="Read"/> runs.
/// </summary>
internal sealed class PostgresAggregates
{
    /// <summary>The aggregates of jobs. $1: their keys.</summary>
    public const string Read = "SELECT job_id, aggregate FROM job_aggregates WHERE job_id = ANY ($1)";

    private const string Save = """
        INSERT INTO job_aggregates (job_id, aggregate) VALUES ($1, $2) ON CONFLICT (job_id) DO UPDATE SET aggregate = excluded.aggregate
        """;

    private readonly Dictionary<long, byte[]> current = [];
    private readonly SortedDictionary<long, List<ResultPart>> parts = [];

    /// <summary>Reads the rows of <see cref="Read"/>.</summary>
    public async Task LoadAsync(NpgsqlDataReader rows)
    {
        while (await rows.ReadAsync()) current[rows.GetInt64(0)] = rows.GetFieldValue<byte[]>(1);
    }

    /// <summary>Adds a recorded result.</summary>
    public void Add(long jobKey, ResultPart? part)
    {
        if (part is null) return;
        if (!parts.TryGetValue(jobKey, out var added)) parts.Add(jobKey, added = []);
        added.Add(part);
    }

    /// <summary>Adds statements that update the aggregates; returns an error of one of them, or null.</summary>
    public string? Finish(PostgresBatch batch)
    {
        string? problem = null;
        foreach (var (job, added) in parts) problem = Merge(batch, job, added) ?? problem;
        return problem;
    }

    private string? Merge(PostgresBatch batch, long jobKey, List<ResultPart> added)
    {
        List<ReadOnlyMemory<byte>> all = [];
        if (current.TryGetValue(jobKey, out var before)) all.Add(before);
        all.AddRange(added.Select(part => part.Json));
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
        batch.Add(Save, Value(jobKey), Value(merged));
        return null;
    }
}
