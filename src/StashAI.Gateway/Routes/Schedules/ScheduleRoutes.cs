using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary><c>/api/schedules</c>: jobs that repeat.</summary>
internal static class ScheduleRoutes
{
    private const string Kind = "schedule";

    /// <summary>How often a change is tried again when somebody else was faster.</summary>
    private const int MaxTries = 5;

    private static IReadOnlyDictionary<Guid, string> NoNames { get; } = new Dictionary<Guid, string>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/schedules", ListAsync).Describe(ScheduleDocs.List).Needs(ApiScope.Read);
        routes.MapPost("/api/schedules", CreateAsync).Describe(ScheduleDocs.Create).Needs(ApiScope.Operate);
        routes.MapGet("/api/schedules/{id}", ShowAsync).Describe(ScheduleDocs.Show).Needs(ApiScope.Read);
        routes.MapPatch("/api/schedules/{id}", ChangeAsync).Describe(ScheduleDocs.Change).Needs(ApiScope.Operate);
        routes.MapDelete("/api/schedules/{id}", DeleteAsync).Describe(ScheduleDocs.Delete).Needs(ApiScope.Operate);
        routes.MapGet("/api/schedules/{id}/runs", ListRunsAsync).Describe(ScheduleDocs.Runs).Needs(ApiScope.Read);
        routes.MapPost("/api/schedules/{id}/run", RunAsync).Describe(ScheduleDocs.Run).Needs(ApiScope.Operate);
    }

    private static async Task ListAsync(HttpContext context, ISchedules schedules, IRead store)
    {
        var asked = KeyedPage.Of(context);
        var found = await schedules.ListSchedulesAsync(asked.Before, asked.Wanted, context.RequestAborted);
        var names = await NamesAsync(context, store, found.Select(schedule => schedule.LastRun));
        await asked.WriteAsync(
            context, found, schedule => schedule.Key,
            (json, schedule) => ScheduleJson.Write(json, schedule, context.IsOperator(), names));
    }

    private static async Task ListRunsAsync(HttpContext context, ISchedules schedules, IRead store, string id)
    {
        var schedule = await GetAsync(context, schedules, id);
        var asked = KeyedPage.Of(context);
        var found = await schedules.ListRunsAsync(schedule.Key, asked.Before, asked.Wanted, context.RequestAborted);
        var names = await NamesAsync(context, store, found);
        await asked.WriteAsync(context, found, run => run.Key, (json, run) => ScheduleJson.Write(json, run, names));
    }

    private static async Task CreateAsync(
        HttpContext context, ISchedules schedules, IRead store, ScheduleRequest requests, ScheduleLoop loop, BodyReader bodies,
        AuditLog audit)
    {
        using var body = await ReadAsync(context, bodies);
        if (body is null) return;
        var asked = requests.Read(body.Root, CallerIdentity.Of(context.User)?.KeyName);
        var schedule = await schedules.AddScheduleAsync(asked, context.RequestAborted) ?? throw NameTaken(asked.Name);
        await audit.WriteAsync(context, "create", Kind, schedule.Id, ScheduleJson.BodyOf(schedule with { Source = "{}" }));
        loop.Wake();
        context.Response.Headers.Location = context.Request.PathBase.ToUriComponent() + $"/api/schedules/{schedule.Id}";
        await WriteAsync(context, store, StatusCodes.Status201Created, schedule);
    }

    private static async Task ShowAsync(HttpContext context, ISchedules schedules, IRead store, string id) =>
        await WriteAsync(context, store, StatusCodes.Status200OK, await GetAsync(context, schedules, id));

    private static async Task ChangeAsync(
        HttpContext context, ISchedules schedules, IRead store, ScheduleRequest requests, ScheduleLoop loop, BodyReader bodies,
        AuditLog audit, string id)
    {
        using var body = await ReadAsync(context, bodies);
        if (body is null) return;
        for (var tries = 1; ; tries++)
        {
            var schedule = await GetAsync(context, schedules, id);
            var (changed, forgetFiles) = requests.Change(schedule, body.Root, CallerIdentity.Of(context.User)?.KeyName);
            var saved = await schedules.SaveScheduleAsync(changed, forgetFiles, context.RequestAborted);
            if (saved == ScheduleSave.NameTaken) throw NameTaken(changed.Name);
            if (saved == ScheduleSave.Outdated)
            {
                if (tries < MaxTries) continue;
                throw new RequestException(Problem.Conflict("The schedule is being changed by somebody else; send the change again."));
            }

            var names = body.Root.EnumerateObject().Select(member => member.Name).ToList();
            var action = names is ["paused"] ? changed.IsPaused ? "pause" : "resume" : "change";
            await audit.WriteAsync(context, action, Kind, schedule.Id, new { name = changed.Name, members = names });
            loop.Wake();
            await WriteAsync(context, store, StatusCodes.Status200OK, await GetAsync(context, schedules, $"{schedule.Id}"));
            return;
        }
    }

    private static async Task DeleteAsync(HttpContext context, ISchedules schedules, AuditLog audit, string id)
    {
        var schedule = await GetAsync(context, schedules, id);
        if (await schedules.RemoveScheduleAsync(schedule.Key, context.RequestAborted))
            await audit.WriteAsync(context, "delete", Kind, schedule.Id, new { name = schedule.Name });
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task RunAsync(HttpContext context, ISchedules schedules, ScheduleLoop loop, AuditLog audit, string id)
    {
        var schedule = await GetAsync(context, schedules, id);
        var run = await schedules.AskRunAsync(schedule.Key, context.RequestAborted) ?? throw Unknown(id);
        await audit.WriteAsync(context, "run", Kind, schedule.Id, new { name = schedule.Name });
        loop.Wake();
        context.Response.Headers.Location = context.Request.PathBase.ToUriComponent() + $"/api/schedules/{schedule.Id}/runs";
        await WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json => ScheduleJson.Write(json, run, NoNames));
    }

    private static async Task<Intake.Items.BodyEnvelope?> ReadAsync(HttpContext context, BodyReader bodies) =>
        await BodyReader.HasBodyAsync(context)
            ? await bodies.ReadAsync(context)
            : throw RequestException.Missing("body", "The body must be a JSON object with a schedule.");

    /// <summary>A schedule by its id or its name.</summary>
    private static async Task<Schedule> GetAsync(HttpContext context, ISchedules schedules, string id) =>
        (Guid.TryParse(id, out var guid)
            ? await schedules.FindScheduleAsync(guid, context.RequestAborted)
            : await schedules.FindScheduleAsync(id, context.RequestAborted))
        ?? throw Unknown(id);

    private static RequestException Unknown(string id) =>
        RequestException.NotFound($"There is no schedule {id}; GET /api/schedules lists them.");

    private static RequestException NameTaken(string name) => new(Problem.Conflict(
        $"There is a schedule named '{name}' already; choose another name, or change that one with PATCH.") with
    {
        Errors = [new ProblemError("name", null, "is taken by another schedule.")],
    });

    private static async Task WriteAsync(HttpContext context, IRead store, int status, Schedule schedule)
    {
        var names = await NamesAsync(context, store, [schedule.LastRun]);
        await WireJson.WriteAsync(context, status, json => ScheduleJson.Write(json, schedule, context.IsOperator(), names));
    }

    /// <summary>The names of the jobs of some runs, by id; those of removed jobs are missing.</summary>
    private static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        HttpContext context, IRead store, IEnumerable<ScheduleRun?> runs)
    {
        var ids = runs.Select(run => run?.JobId).OfType<Guid>().Distinct().ToList();
        if (ids.Count == 0) return NoNames;
        var found = await store.QueryJobsAsync(new JobQuery { OnlyIds = ids, Limit = ids.Count }, context.RequestAborted);
        return found.Jobs.ToDictionary(job => job.JobId, job => job.Name);
    }
}
