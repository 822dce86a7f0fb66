using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Gateway.Routes.Queue;

/// <summary>
/// Pauses and resumes a job, a service or everything. Running calls finish; no new ones start. Repeating a request changes nothing.
/// </summary>
internal static class PauseRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            "/api/queue/jobs/{id}/pause",
            (HttpContext context, QueueEngine engine, AuditLog audit, TimeProvider clock, string id) =>
                JobAsync(context, engine, audit, clock, id, true))
            .Describe(ControlDocs.PauseJob).Needs(ApiScope.Submit);
        routes.MapPost(
            "/api/queue/jobs/{id}/resume",
            (HttpContext context, QueueEngine engine, AuditLog audit, TimeProvider clock, string id) =>
                JobAsync(context, engine, audit, clock, id, false))
            .Describe(ControlDocs.ResumeJob).Needs(ApiScope.Submit);
        routes.MapPost(
            "/api/services/{name}/pause",
            (HttpContext context, QueueEngine engine, ServiceList services, AuditLog audit, TimeProvider clock, string name) =>
                ServiceAsync(
                    context, engine, services, audit, clock, name, true))
            .Describe(ControlDocs.PauseService).Needs(ApiScope.Operate);
        routes.MapPost(
            "/api/services/{name}/resume",
            (HttpContext context, QueueEngine engine, ServiceList services, AuditLog audit, TimeProvider clock, string name) =>
                ServiceAsync(
                    context, engine, services, audit, clock, name, false))
            .Describe(ControlDocs.ResumeService).Needs(ApiScope.Operate);
        routes.MapPost(
            "/api/queue/pause",
            (HttpContext context, QueueEngine engine, AuditLog audit, TimeProvider clock) => AllAsync(context, engine, audit, clock, true))
            .Describe(ControlDocs.Pause).Needs(ApiScope.Operate);
        routes.MapPost(
            "/api/queue/resume",
            (HttpContext context, QueueEngine engine, AuditLog audit, TimeProvider clock) => AllAsync(context, engine, audit, clock, false))
            .Describe(ControlDocs.Resume).Needs(ApiScope.Operate);
    }

    private static async Task JobAsync(
        HttpContext context, QueueEngine engine, AuditLog audit, TimeProvider clock, string id, bool paused)
    {
        var found = await QueueLookup.GetJobAsync(engine.Read, id, context.RequestAborted);
        context.RequireOwn(found);
        await engine.PauseJobAsync(found.Key, paused, context.RequestAborted);
        await audit.WriteAsync(context, Word(paused), "job", found.JobId);
        var job = (await engine.Read.FindJobsAsync([found.Key], context.RequestAborted))[0];
        var status = DialectWords.Status(job.State);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("job_id", job.JobId);
            json.WriteBoolean("paused", job.IsPaused);
            json.WriteString("status", status);
            json.WriteString("message", (job.IsPaused, paused) switch
            {
                (true, _) => "The job is paused: what runs goes on, nothing new begins.",
                (_, true) => $"Nothing to pause: the job is {status}.",
                _ => "The job is not paused.",
            });
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
    }

    private static async Task ServiceAsync(
        HttpContext context, QueueEngine engine, ServiceList services, AuditLog audit, TimeProvider clock, string name, bool paused)
    {
        await services.CheckAsync(name, context.RequestAborted);
        var reopened = await engine.PauseServiceAsync(name, paused, context.RequestAborted);
        await audit.WriteAsync(context, Word(paused), "service", name);
        var pauses = await engine.Read.ReadPausesAsync(context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("service", name);
            WritePause(json, paused, pauses, pauses.Includes(name), $"The service {name}", reopened, clock);
            json.WriteEndObject();
        });
    }

    private static async Task AllAsync(HttpContext context, QueueEngine engine, AuditLog audit, TimeProvider clock, bool paused)
    {
        var reopened = await engine.PauseServiceAsync(Pauses.Everything, paused, context.RequestAborted);
        await audit.WriteAsync(context, Word(paused), "queue", null);
        var pauses = await engine.Read.ReadPausesAsync(context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            WritePause(json, paused, pauses, pauses.All, "The queue", reopened, clock);
            json.WriteStartArray("paused_services");
            foreach (var service in pauses.Services) json.WriteStringValue(service);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static string Word(bool paused) => paused ? "pause" : "resume";

    private static void WritePause(
        System.Text.Json.Utf8JsonWriter json, bool asked, Pauses pauses, bool isPaused, string what, Reopening reopened, TimeProvider clock)
    {
        json.WriteBoolean("paused", isPaused);
        json.WriteBoolean("everything_paused", pauses.All);
        if (!asked)
        {
            json.WriteNumber("reopened_lanes", reopened.Lanes);
            json.WriteNumber("released_tasks", reopened.Tasks);
        }

        json.WriteString("message", (isPaused, asked) switch
        {
            (true, false) => $"{what} stays paused because everything is: POST /api/queue/resume lets it go on.",
            (true, _) => $"{what} is paused: what runs goes on, nothing new begins.",
            _ when reopened.Lanes + reopened.Tasks > 0 =>
                $"{what} is not paused. Lanes opened again (throttled or thought to be down): {reopened.Lanes}. "
                + $"Waiting tasks that are due now: {reopened.Tasks}.",
            _ => $"{what} is not paused.",
        });
        json.WriteTime("timestamp", clock.GetUtcNow());
    }
}
