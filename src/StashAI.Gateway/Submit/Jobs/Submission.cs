using System.Text.Json;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>A job on its way in: what the queue needs to know, and what its acknowledgement says beside the ids.</summary>
/// <param name="Job">The job without its tasks.</param>
/// <param name="Message">For people.</param>
/// <param name="WriteMore">Writes the fields of its own that the route answers with.</param>
internal sealed record Submission(NewJob Job, Func<int, string> Message, Action<Utf8JsonWriter, EnqueuedJob> WriteMore)
{
    /// <summary>The name of a service's job for one item that was given none: lists show jobs by name.</summary>
    public static string NameOfOne(string service) => $"{service}: single task";
}
