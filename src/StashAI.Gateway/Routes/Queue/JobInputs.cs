using System.Text.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary>
/// Provides the writers of tasks' inputs over many jobs. The tasks of a job follow each other, so its configuration is read once.
/// </summary>
internal sealed class JobInputs(HttpContext context, IRead store, JobParts parts, Utf8JsonWriter json) : IDisposable
{
    private (long Job, TaskInputWriter Writer)? last;

    public TaskInputWriter Of(JobView job)
    {
        if (last is { } same && same.Job == job.Key) return same.Writer;
        last?.Writer.Dispose();
        var writer = new TaskInputWriter(context, store, parts, json, job);
        last = (job.Key, writer);
        return writer;
    }

    public void Dispose() => last?.Writer.Dispose();
}
