using System.Text.Json;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Bulk;

/// <summary>Lists of jobs for the live feed, read and written by the code of <c>GET /api/jobs</c>.</summary>
internal sealed class FollowedJobs(Operations operations, JobPaces paces) : ILiveJobs
{
    public JobQuery Read(JsonElement? filter) => BulkFilter.Read(filter, operations).Query;

    public Task<IReadOnlyDictionary<long, JobPace>> ReadPacesAsync(IReadOnlyList<JobView> shown, CancellationToken cancellationToken) =>
        paces.ReadAsync(shown, cancellationToken);

    public void Write(Utf8JsonWriter json, JobView job, JobPace pace)
    {
        json.WriteStartObject();
        EntryJson.WriteJob(json, job, operations, pace);
        json.WriteEndObject();
    }

    public void WriteEnd(Utf8JsonWriter json, JobQueryPage page) => EntryJson.WriteEnd(
        json, page.Next is { } next ? JobCursor.Write(JobOrder.Newest, next) : null, page.Total, page.IsTotalExact);
}
