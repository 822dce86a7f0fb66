using StashAI.Client.Models;

namespace StashAI.Client.Http;

/// <summary>Reads a job without its tasks.</summary>
internal static class JobReading
{
    public static Task<JobDetail> ReadAsync(ApiSender api, Guid id, CancellationToken cancellationToken) =>
        api.ReadAsync(Routes.Job, Routes.Job.Fill([id.ToString()]), StashJsonContext.Default.JobDetail, cancellationToken);
}
