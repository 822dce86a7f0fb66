using System.Globalization;
using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Submit;
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
/// Pauses and resumes a job, a service or everything. Running calls finish; no new ones start. Repeating a request changes nothing, and a
/// pause with another end moves the end.
/// </summary>
internal sealed class PauseRoutes(QueueEngine engine, ServiceList services, AuditLog audit, BodyReader bodies, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            "/api/queue/jobs/{id}/pause",
            (HttpContext context, PauseRoutes pauses, string id) =>
                pauses.PauseAsync(context, asked => pauses.JobAsync(context, id, asked)))
            .Describe(ControlDocs.PauseJob).Needs(ApiScope.Submit);
        routes.MapPost(
            "/api/queue/jobs/{id}/resume",
            (HttpContext context, PauseRoutes pauses, string id) => pauses.JobAsync(context, id, PauseRequest.Resume))
            .Describe(ControlDocs.ResumeJob).Needs(ApiScope.Submit);
        routes.MapPost(
            "/api/services/{name}/pause",
            (HttpContext context, PauseRoutes pauses, string name) =>
                pauses.PauseAsync(context, asked => pauses.ServiceAsync(context, name, asked)))
            .Describe(ControlDocs.PauseService).Needs(ApiScope.Operate);
        routes.MapPost(
            "/api/services/{name}/resume",
            (HttpContext context, PauseRoutes pauses, string name) => pauses.ServiceAsync(context, name, PauseRequest.Resume))
            .Describe(ControlDocs.ResumeService).Needs(ApiScope.Operate);
        routes.MapPost(
            "/api/queue/pause",
            (HttpContext context, PauseRoutes pauses) => pauses.PauseAsync(context, asked => pauses.AllAsync(context, asked)))
            .Describe(ControlDocs.Pause).Needs(ApiScope.Operate);
        routes.MapPost(
            "/api/queue/resume",
            (HttpContext context, PauseRoutes pauses) => pauses.AllAsync(context, PauseRequest.Resume))
            .Describe(ControlDocs.Resume).Needs(ApiScope.Operate);
    }

    private async Task PauseAsync(HttpContext context, Func<PauseRequest, Task> run)
    {
        if (await PauseRequest.ReadAsync(context, bodies, clock) is { } asked) await run(asked);
    }

    private async Task JobAsync(HttpContext context, string id, PauseRequest asked)
    {
        var found = await QueueLookup.GetJobAsync(engine.Read, id, context.RequestAborted);
        context.RequireOwn(found);
        await engine.PauseJobAsync(found.Key, asked.IsPause, context.RequestAborted, asked.Until);
        await audit.WriteAsync(context, asked.Word, "job", found.JobId, asked.Details);
        var job = (await engine.Read.FindJobsAsync([found.Key], context.RequestAborted))[0];
        var status = DialectWords.Status(job.State);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("job_id", job.JobId);
            json.WriteBoolean("paused", job.IsPaused);
            json.WriteTime("paused_until", job.PausedUntil);
            json.WriteString("status", status);
            json.WriteString("message", (job.IsPaused, asked.IsPause) switch
            {
                (true, _) => $"The job is paused{Words(job.PausedUntil)}: what runs goes on, nothing new begins.",
                (_, true) => $"Nothing to pause: the job is {status}.",
                _ => "The job is not paused.",
            });
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
    }

    private async Task ServiceAsync(HttpContext context, string name, PauseRequest asked)
    {
        await services.CheckAsync(name, context.RequestAborted);
        var reopened = await engine.PauseServiceAsync(name, asked.IsPause, context.RequestAborted, asked.Until);
        await audit.WriteAsync(context, asked.Word, "service", name, asked.Details);
        var pauses = await engine.Read.ReadPausesAsync(context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("service", name);
            Write(json, asked, pauses, name, $"The service {name}", reopened);
            json.WriteEndObject();
        });
    }

    private async Task AllAsync(HttpContext context, PauseRequest asked)
    {
        var reopened = await engine.PauseServiceAsync(Pauses.Everything, asked.IsPause, context.RequestAborted, asked.Until);
        await audit.WriteAsync(context, asked.Word, "queue", null, asked.Details);
        var pauses = await engine.Read.ReadPausesAsync(context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            Write(json, asked, pauses, Pauses.Everything, "The queue", reopened);
            json.WriteStartArray("paused_services");
            foreach (var service in pauses.Services) json.WriteStringValue(service);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private void Write(Utf8JsonWriter json, PauseRequest asked, Pauses pauses, string service, string what, Reopening reopened)
    {
        var (isPaused, until) = (pauses.Includes(service), pauses.EndOf(service));
        json.WriteBoolean("paused", isPaused);
        json.WriteTime("paused_until", until);
        json.WriteBoolean("everything_paused", pauses.All);
        if (!asked.IsPause)
        {
            json.WriteNumber("reopened_lanes", reopened.Lanes);
            json.WriteNumber("released_tasks", reopened.Tasks);
        }

        json.WriteString("message", (isPaused, asked.IsPause) switch
        {
            (true, false) => $"{what} stays paused because everything is{Words(until)}: POST /api/queue/resume lets it go on.",
            (true, _) => $"{what} is paused{Words(until)}: what runs goes on, nothing new begins.",
            _ when reopened.Lanes + reopened.Tasks > 0 =>
                $"{what} is not paused. Lanes opened again (throttled or thought to be down): {reopened.Lanes}. "
                + $"Waiting tasks that are due now: {reopened.Tasks}.",
            _ => $"{what} is not paused.",
        });
        json.WriteTime("timestamp", clock.GetUtcNow());
    }

    private static string Words(DateTimeOffset? until) =>
        until is { } end ? $" until {end.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}" : "";
}
