using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Hosting.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Clusters;

/// <summary>What a client asks to group.</summary>
/// <param name="Jobs">The jobs, the one of the route first.</param>
/// <param name="Threshold">The least mean confidence between the faces of a group; null for the service's default.</param>
/// <param name="MinFaces">The smallest group.</param>
internal sealed record ClusterRequest(IReadOnlyList<JobView> Jobs, double? Threshold, int MinFaces)
{
    private const string JobsField = "jobs";
    private const int MaxJobs = 100;
    /// <summary>The smallest group that is kept where nobody says otherwise.</summary>
    public const int DefaultMinFaces = 2;
    private const int MaxMinFaces = 1000;

    /// <param name="context">The request; the caller must own each job.</param>
    /// <param name="engine">The queue.</param>
    /// <param name="job">The job of the route.</param>
    /// <param name="body">The body; null for none.</param>
    /// <exception cref="RequestException">A member is not valid, or a job cannot be grouped.</exception>
    public static async Task<ClusterRequest> ReadAsync(HttpContext context, QueueEngine engine, JobView job, JsonElement? body)
    {
        var jobs = new List<JobView> { job };
        await RequireUsableAsync(context, engine, job);
        if (body is not { } root) return new ClusterRequest(jobs, null, DefaultMinFaces);
        var fields = JsonFields.Root(root);
        fields.RefuseUnknown(JobsField, "threshold", "min_faces");
        if (fields.Array(JobsField) is { } more)
        {
            if (more.GetArrayLength() > MaxJobs)
            {
                throw fields.Invalid(JobsField, $"has more than {MaxJobs} ids; group fewer jobs together.");
            }

            for (var i = 0; i < more.GetArrayLength(); i++)
            {
                var field = $"{JobsField}[{i}]";
                var id = more[i].ValueKind == JsonValueKind.String ? more[i].GetString() : null;
                if (await QueueLookup.FindAsync(engine.Read, id, context.RequestAborted) is not { Ordinal: null } entry)
                    throw RequestException.Invalid(field, "there is no such job; GET /api/jobs lists the jobs.");
                if (jobs.Any(known => known.Key == entry.Job.Key)) continue;
                if (!engine.Results.CanGroupTogether(job, entry.Job))
                    throw RequestException.Invalid(field, "the job ran on another service; group jobs of one service together.");
                await RequireUsableAsync(context, engine, entry.Job);
                jobs.Add(entry.Job);
            }
        }

        return new ClusterRequest(
            jobs, fields.Number("threshold", 0, 1), fields.Integer("min_faces", 1, MaxMinFaces) ?? DefaultMinFaces);
    }

    private static async Task RequireUsableAsync(HttpContext context, QueueEngine engine, JobView job)
    {
        context.RequireOwn(job);
        if (await engine.Results.RefuseGroupingAsync(job, context.RequestAborted) is { } refusal)
            throw new RequestException(Problem.Conflict(refusal));
    }
}
