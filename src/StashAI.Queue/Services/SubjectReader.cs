using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Sdk;

namespace StashAI.Queue.Services;

/// <summary>Reads who or what results show, within the limits of <see cref="IResultSubjects"/>.</summary>
internal sealed class SubjectReader(ServiceRegistry services, ILogger logger)
{
    /// <summary>The subjects of a result, each once; empty for operations without subjects.</summary>
    /// <param name="task">The public id of the task.</param>
    public IReadOnlyList<ResultSubject> Read(string service, string taskType, Guid task, ReadOnlyMemory<byte> output)
    {
        if (services.FindSubjects(service, taskType) is not { } subjects) return [];
        try
        {
            return Limit(subjects.Read(output));
        }
        catch (Exception exception)
        {
            // The adapter's code must not prevent a result from being stored.
            Log.SubjectsNotRead(logger, task, exception.Message);
            return [];
        }
    }

    private static IReadOnlyList<ResultSubject> Limit(IReadOnlyList<ResultSubject> read)
    {
        if (read.Count == 0) return [];
        var best = new Dictionary<string, double>(read.Count, StringComparer.Ordinal);
        foreach (var (id, score) in read)
        {
            if (IsStorable(id) && double.IsFinite(score) && (!best.TryGetValue(id, out var other) || score > other)) best[id] = score;
        }

        return
        [
            .. best.Select(one => new ResultSubject(one.Key, one.Value))
                .OrderByDescending(one => one.Score).ThenBy(one => one.Id, StringComparer.Ordinal).Take(IResultSubjects.MaxSubjects),
        ];
    }

    // Databases refuse U+0000 and halves of surrogate pairs.
    private static bool IsStorable(string? id)
    {
        if (string.IsNullOrEmpty(id) || id.Length > IResultSubjects.MaxIdLength) return false;
        for (var i = 0; i < id.Length; i++)
        {
            if (id[i] == '\0') return false;
            if (!char.IsSurrogate(id[i])) continue;
            if (i + 1 == id.Length || !char.IsSurrogatePair(id[i], id[i + 1])) return false;
            i++;
        }

        return true;
    }
}
