using System.Text.Json;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Tests.Live;

/// <summary>Lists of jobs without the routes: a filter by one state, and entries with what tests look at.</summary>
internal sealed class PlainJobs : ILiveJobs
{
    public JobQuery Read(JsonElement? filter) => new()
    {
        Limit = 1,
        States = filter is { } one && one.Has("state") ? [Enum.Parse<JobState>(one.Text("state"), ignoreCase: true)] : [],
        NamePart = filter is { } named && named.Has("name") ? named.Text("name") : null,
    };

    public Task<IReadOnlyDictionary<long, JobPace>> ReadPacesAsync(IReadOnlyList<JobView> shown, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<long, JobPace>>(shown.ToDictionary(job => job.Key, _ => default(JobPace)));

    public void Write(Utf8JsonWriter json, JobView job, JobPace pace)
    {
        json.WriteStartObject();
        json.WriteString("id", job.JobId);
        json.WriteString("name", job.Name);
        json.WriteString("state", job.State.ToString());
        json.WriteNumber("version", job.Version);
        json.WriteEndObject();
    }

    public void WriteEnd(Utf8JsonWriter json, JobQueryPage page) => json.WriteNumber("total", page.Total);
}
