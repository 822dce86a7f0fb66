using System.Globalization;
using StashAI.Gateway.Access;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Routes.Batch;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Upstreams.Trials;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Trials;

/// <summary>
/// <c>POST /api/services/{name}/test</c>: one call now, past the queue. The body is that of a submit with one item, and is checked as one.
/// The call heeds the outbound policy, pauses, allowed hours, a wait that the service asked for, and the limit of running calls; it takes
/// no token of the rate. A process makes one at a time.
/// </summary>
internal sealed class ServiceTestRoutes(
    ServiceRegistry registry, ServiceCatalog catalog, IUpstreamResolver upstreams, DeclaredJobs declared, AdapterJobs adapters,
    IEnumerable<IJobForms> forms, BodyReader bodies, IntakeLimits limits, DirectSettings direct, ServiceList services, IRead store,
    OutboundHttpClientFactory clients, SecretVault vault, AuditLog audit, TimeProvider clock) : IDisposable
{
    /// <summary>The most bytes of an item's files.</summary>
    private const long MaxItemMemory = 64L << 20;

    private readonly SemaphoreSlim turn = new(1, 1);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/api/services/{name}/test",
        (HttpContext context, ServiceTestRoutes own, string name) => own.TestAsync(context, name))
        .Describe(TrialDocs.Test).Needs(ApiScope.Operate);

    public void Dispose() => turn.Dispose();

    private async Task TestAsync(HttpContext context, string name)
    {
        var service = registry.Find(name) ?? throw ServiceList.Unknown(name);
        if (service.Manifest.IsLocal)
            throw new RequestException(Problem.Conflict($"{name} is part of this server: there is no call to try."));
        var open = Opener(service, context.Request.Query.Text(TrialDocs.Operation));
        await CheckAsync(name, context.RequestAborted);
        if (!await turn.WaitAsync(0, context.RequestAborted)) throw Busy("Another test call is running on this server");
        try
        {
            await RunAsync(context, service, open);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task RunAsync(HttpContext context, IServiceAdapter service, JobFormOpener open)
    {
        await using var upload = new MirroredUpload(
            () => new DiscardedUpload(), direct with { IsOn = false }, new DirectMemory(MaxItemMemory), isMirrored: true);
        var form = open(upload);
        BodyEnvelope? body = null;
        try
        {
            if (!await bodies.ReadAsync(
                context, async cancellationToken => body = await form.ReadAsync(context, limits, null, cancellationToken)))
            {
                return;
            }

            var submission = await form.CompleteAsync(body!, context.RequestAborted);
            if (upload.TaskCount != 1)
                throw RequestException.Invalid("items", $"a test makes one call, and these are {upload.TaskCount} items; send one.");
            if (upload.TakeTasks() is not [var task])
                throw new RequestException(Problem.TooLarge($"A test call takes files of at most {MaxItemMemory >> 20} MB.", "-"));
            var report = await CallAsync(service, submission.Job, new TrialItem(task.Input, task.Payloads), context.RequestAborted);
            await audit.WriteAsync(context, "test", "service", service.Manifest.Name);
            await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteStartObject();
                json.WriteString("service", service.Manifest.Name);
                json.WriteString(
                    "operation", service.Manifest.Operations.First(one => one.TaskType == submission.Job.TaskType).Name);
                TrialJson.WriteFields(json, report);
                json.WriteEndObject();
            });
        }
        finally
        {
            body?.Dispose();
        }
    }

    private async Task<TrialReport> CallAsync(
        IServiceAdapter service, NewJob job, TrialItem item, CancellationToken cancellationToken)
    {
        var upstream = upstreams.Resolve(job.Upstream) ?? throw new RequestException(
            Problem.Unavailable($"The {job.Service} service is not ready yet; ask again."));
        var isConfigured = upstreams.IsConfigured(job.Service, job.Upstream);
        using var fetch = clients.CreateFetch(upstream);
        return await new TrialCall(clock) { MaxShown = TrialJson.MaxShown, Fetch = fetch }.RunAsync(
            service, job.TaskType, upstream, isConfigured,
            vault.Decrypt(job.Service, job.Config, service.Manifest.SecretConfig), item,
            clients.HandlerFor(isConfigured ? OutboundPurpose.Configured : OutboundPurpose.Named), cancellationToken);
    }

    private JobFormOpener Opener(IServiceAdapter service, string? name)
    {
        if (catalog.Find(service.Manifest.Name) is { } entry)
        {
            var chosen = name is null ? entry.Default ?? entry.Operations[0] : entry.Find(name) ?? throw Unknown(service, name);
            return declared.Opener(entry, chosen, true);
        }

        name ??= service.Manifest.DefaultOperation ?? service.Manifest.Operations[0].Name;
        var operation = service.Manifest.Operations.FirstOrDefault(one => one.Name == name) ?? throw Unknown(service, name);
        return forms.Select(own => own.Find(service, operation)).FirstOrDefault(found => found is not null)
            ?? adapters.Opener(service, operation, isSingle: true);
    }

    /// <summary>Refuses a call that a task would wait for.</summary>
    private async Task CheckAsync(string name, CancellationToken cancellationToken)
    {
        var entry = await services.GetAsync(name, cancellationToken);
        var now = clock.GetUtcNow();
        if ((await store.ReadPausesAsync(cancellationToken)).Includes(name))
        {
            throw new RequestException(Problem.Conflict(
                $"{name} is paused, so nothing calls it: POST /api/services/{name}/resume, or /api/queue/resume if everything is."));
        }

        if (entry.Limits.IsClosed(now))
        {
            throw new RequestException(Problem.Conflict(string.Create(
                CultureInfo.InvariantCulture,
                $"{name} is outside its allowed hours until {entry.Limits.OpenFrom:u}: PATCH /api/services/{name} changes them.")));
        }

        if (entry.Lanes.Where(lane => lane.BlockedUntil > now).Select(lane => lane.BlockedUntil).DefaultIfEmpty().Max() is var until
            && until > now)
        {
            throw Busy($"{name} asked to wait", (int)Math.Ceiling((until - now).TotalSeconds));
        }

        if (entry.Limits.InForce.MaxRunning is { } most && entry.Lanes.Any(lane => lane.Running >= most))
            throw Busy($"{name} runs as many calls as it may ({most})");
    }

    private static RequestException Unknown(IServiceAdapter service, string name) => RequestException.Invalid(
        "operation",
        $"{service.Manifest.Name} has no operation '{name}'; it has "
        + $"{string.Join(", ", service.Manifest.Operations.Select(one => one.Name))}.");

    private static RequestException Busy(string why, int seconds = 1) => new(
        new Problem("busy", StatusCodes.Status429TooManyRequests, "This has to wait", $"{why}: try again in {seconds} s.")
        {
            RetryAfterSeconds = seconds,
        });
}
