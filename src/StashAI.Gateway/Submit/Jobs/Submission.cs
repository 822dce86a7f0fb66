using System.Text.Json;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>A job to submit: what the queue needs, and what the acknowledgement contains besides the ids.</summary>
/// <param name="Job">The job without its tasks.</param>
/// <param name="Message">Returns a message for people, given the number of tasks.</param>
/// <param name="WriteExtraFields">Writes the route's own fields of the answer.</param>
internal sealed record Submission(NewJob Job, Func<int, string> Message, Action<Utf8JsonWriter, EnqueuedJob> WriteExtraFields)
{
    /// <summary>The default name of a job with a single item, for lists.</summary>
    public static string NameOfOne(string service) => $"{service}: single task";
}
