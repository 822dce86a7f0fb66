using System.Runtime.CompilerServices;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>Follows jobs by asking for their state again and again, where nothing else gets through.</summary>
internal static class PollSource
{
    public static async IAsyncEnumerable<JobProgress> ReadAsync(
        ApiSender api, IReadOnlyCollection<Guid> jobs, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = jobs.ToList();
        while (open.Count > 0)
        {
            foreach (var id in open.ToList())
            {
                var job = await JobReading.ReadAsync(api, id, cancellationToken).ConfigureAwait(false);
                if (job.IsOver) open.Remove(id);
                yield return job.Progress;
            }

            await Task.Delay(interval, api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
