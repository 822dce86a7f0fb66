using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>PATCH /api/jobs/{id}</c> and <c>DELETE /api/jobs/{id}</c>.</summary>
internal static class JobChangeRoutes
{
    /// <summary>How long a delete waits for the ends of calls that it aborted.</summary>
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(10);

    private static readonly string[] Fields = ["name", "tags", "priority", "max_parallel", "deadline"];

    /// <summary>What a job always has, so that null would say nothing.</summary>
    private static readonly string[] Kept = ["name", "tags", "priority"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPatch("/api/jobs/{id}", ChangeAsync).Describe(JobDocs.Change).Needs(ApiScope.Submit);
        routes.MapDelete("/api/jobs/{id}", DeleteAsync).Describe(JobDocs.Delete).Needs(ApiScope.Submit);
    }

    private static async Task ChangeAsync(
        HttpContext context, QueueEngine engine, IFileBatches batches, BodyReader bodies, JobDetailReader details, AuditLog audit,
        TimeProvider clock, string id)
    {
        if (!await BodyReader.HasBodyAsync(context))
            throw RequestException.Missing("body", "The body must be a JSON object with what is to change.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var patch = Read(JsonFields.Root(body.Root), body.Root, clock.GetUtcNow());
        var job = await QueueLookup.GetJobAsync(engine.Read, id, context.RequestAborted);
        context.RequireOwn(job);
        // A batch that has expired would look as if it had completed.
        if (patch.SetsDeadline) await batches.RequireOpenAsync(job, context.RequestAborted);
        await engine.ChangeJobAsync(job.Key, patch, context.RequestAborted);
        await audit.WriteAsync(context, "change", "job", job.JobId, body.Root);
        await JobEntryRoutes.WriteAsync(
            context, engine.Read, await QueueLookup.GetJobAsync(engine.Read, id, context.RequestAborted), details);
    }

    private static JobPatch Read(JsonFields fields, JsonElement root, DateTimeOffset now)
    {
        fields.RefuseUnknown(Fields);
        if (!root.EnumerateObject().Any())
        {
            throw RequestException.Missing("body", $"The body names nothing to change: {Excerpt.List(Fields)}.");
        }

        foreach (var name in Kept)
        {
            if (root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null)
                throw fields.Invalid(name, "cannot be null; leave it out to keep it.");
        }

        var deadline = fields.Time("deadline");
        if (deadline <= now) throw fields.Invalid("deadline", "has passed already; send a time to come, or null for none.");
        return new JobPatch
        {
            Name = fields.Text("name"),
            Tags = root.TryGetProperty("tags", out _) ? JobSettings.ReadTags(fields) : null,
            Priority = fields.Has("priority") ? JobSettings.ReadPriority(fields) : null,
            MaxParallel = fields.Integer("max_parallel", 1, 100_000) ?? (root.TryGetProperty("max_parallel", out _) ? int.MaxValue : null),
            SetsDeadline = root.TryGetProperty("deadline", out _),
            Deadline = deadline,
        };
    }

    private static async Task DeleteAsync(HttpContext context, QueueEngine engine, JobWaiter waiter, AuditLog audit, string id)
    {
        var job = await QueueLookup.GetJobAsync(engine.Read, id, context.RequestAborted);
        context.RequireOwn(job);
        // A job that has ended is gone in one step. One that runs, or was retried just now, takes several, which are stored first.
        if (!JobStateMachine.IsTerminal(job.State) || !await engine.RemoveJobAsync(job, context.RequestAborted))
        {
            var begun = await engine.BeginDeleteAsync(job, context.KeyName(), context.RequestAborted);
            await audit.WriteAsync(context, "cancel", "job", job.JobId, new { reason = "delete" });
            await waiter.WaitAsync(job.JobId, AbortTimeout, context.RequestAborted);
            if (!await engine.EndDeleteAsync(begun, job))
            {
                await audit.WriteAsync(context, "delete", "job", job.JobId, new { name = job.Name, bulk = begun.Id });
                await WriteAcceptedAsync(context, job, begun.Id);
                return;
            }
        }

        await audit.WriteAsync(context, "delete", "job", job.JobId, new { name = job.Name });
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task WriteAcceptedAsync(HttpContext context, JobView job, Guid bulk)
    {
        context.Response.Headers.Location = $"/api/bulk/{bulk}";
        return WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            json.WriteString("job_id", job.JobId);
            json.WriteString("bulk_id", bulk);
            json.WriteString("message", "The job is cancelled. It is removed when its calls, which were aborted, have ended.");
            json.WriteEndObject();
        });
    }
}
