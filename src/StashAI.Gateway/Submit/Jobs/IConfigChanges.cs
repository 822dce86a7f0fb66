using System.Text.Json;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>Checks changes to the configuration of a job whose items are repeated.</summary>
internal interface IConfigChanges
{
    /// <summary>
    /// The configuration of a new job: that of the first with these changes, checked as at a submit; null for a job of another service.
    /// </summary>
    /// <param name="job">The first job.</param>
    /// <param name="changes">An object with keys of the service only; null as a value removes a key.</param>
    ReadOnlyMemory<byte>? Change(JobView job, JsonElement changes);
}
