using StashAI.Client.Models;

namespace StashAI.Client.Http;

/// <summary>Reads a job without its tasks.</summary>
internal static class JobReading
{
    public static Task<Job> ReadAsync(ApiSender api, Guid id, CancellationToken cancellationToken) => api.ReadAsync(
        Routes.Job, Routes.Job.Fill([id.ToString()], ("limit", "0"), ("inputs", "none")), StashJsonContext.Default.Job, cancellationToken);
}
