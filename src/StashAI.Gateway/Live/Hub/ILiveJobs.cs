using System.Text.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Live.Hub;

/// <summary>Reads the filters of <c>GET /api/jobs</c> and writes its entries, for clients that follow lists of jobs.</summary>
internal interface ILiveJobs
{
    /// <summary>Reads a filter.</summary>
    /// <param name="filter">A JSON object with the parameters of <c>GET /api/jobs</c>; null for all jobs.</param>
    /// <returns>Its query, without a limit that counts.</returns>
    /// <exception cref="RequestException">It is not valid.</exception>
    JobQuery Read(JsonElement? filter);

    /// <summary>Reads how fast jobs are and when they will be over, for all of them at once.</summary>
    Task<IReadOnlyDictionary<long, JobPace>> ReadPacesAsync(IReadOnlyList<JobView> shown, CancellationToken cancellationToken);

    /// <summary>Writes a job as the list shows it.</summary>
    void Write(Utf8JsonWriter json, JobView job, JobPace pace);

    /// <summary>Writes where the next page begins, and how many jobs there are in all.</summary>
    void WriteEnd(Utf8JsonWriter json, JobQueryPage page);
}
