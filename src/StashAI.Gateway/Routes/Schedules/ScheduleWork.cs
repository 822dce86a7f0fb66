using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>
/// Runs a schedule: gathers its items and submits them as its owner. The owner's rights, the service and the folders are checked each time.
/// The idempotency key is the schedule and the moment, so a run that is repeated after a crash finds the job that it has submitted.
/// </summary>
internal sealed partial class ScheduleWork(
    ISchedules schedules, ScheduleOwners owners, ScheduleSubmit submit, ServiceCatalog catalog, ServiceRegistry registry,
    AllowedFolders folders, IntakeLimits limits, TimeProvider clock, ILogger<ScheduleWork> logger)
    : IScheduledWork
{
    public async Task<ScheduleRun?> FindSubmittedAsync(ClaimedRun claimed, CancellationToken cancellationToken) =>
        await schedules.FindJobAsync(ScheduleOwners.StoredKey(KeyOf(claimed)), cancellationToken) is var (job, items)
            ? claimed.Run with { State = ScheduleRunState.Submitted, JobId = job, Items = items }
            : null;

    public async Task<ScheduleRun> RunAsync(ClaimedRun claimed, CancellationToken cancellationToken)
    {
        try
        {
            return await SubmitAsync(claimed, cancellationToken);
        }
        catch (Exception exception) when (!MustTryAgain(exception))
        {
            if (await FindSubmittedAsync(claimed, cancellationToken) is not { } submitted)
                return Failed(claimed.Run, ReasonOf(exception, claimed.Schedule));
            // Another process has submitted this run meanwhile, with other files: those of this plan stay new.
            await schedules.PlanFilesAsync(claimed.Worker, claimed.Run.Key, [], [], cancellationToken);
            return submitted;
        }
    }

    private async Task<ScheduleRun> SubmitAsync(ClaimedRun claimed, CancellationToken cancellationToken)
    {
        var (schedule, run, _) = claimed;
        var (caller, reason) = await owners.FindAsync(schedule.Owner, cancellationToken);
        if (caller is null) return Failed(run, reason!);
        var target = ScheduleTarget.Find(catalog, registry, schedule.Service, schedule.Operation);
        var config = ConfigOf(schedule);
        var (write, remark) = ScheduleSource.Parse(schedule.Source) switch
        {
            FolderSource folder => await FolderAsync(claimed, target, folder, config, cancellationToken),
            NdjsonSource lines => (LinesOf(lines, config), null),
            BodySource body => ((pipe, token) => new ScheduleBody(pipe, folders).WriteBodyAsync(config, body.Body, token), null),
            _ => throw new InvalidOperationException("An unknown kind of source."),
        };
        if (write is null) return run with { State = ScheduleRunState.Nothing, Reason = remark };
        await submit.RunAsync(schedule, caller, KeyOf(claimed), write, cancellationToken);
        return await FindSubmittedAsync(claimed, cancellationToken) is { } submitted
            ? submitted with { Reason = remark }
            : throw new OperationCanceledException("The server is stopping.");
    }

    private async Task<(Func<PipeWriter, CancellationToken, Task>? Write, string? Remark)> FolderAsync(
        ClaimedRun claimed, ScheduleTarget target, FolderSource source, JsonObject config, CancellationToken cancellationToken)
    {
        var (folder, reason) = folders.FindFolder(source.Path);
        if (folder is null) throw RequestException.Invalid("source.path", reason!);
        if (target.FileField is null)
            throw RequestException.Invalid("source.type", $"an item of {claimed.Schedule.Service} holds no file.");
        var known = source.OnlyChanged ? await schedules.ListFilesAsync(claimed.Schedule.Key, cancellationToken) : [];
        var scan = FolderScan.Read(
            folder, source, target.Extensions, known, limits.MaxItems, limits.MaxEnvelopeBytes / 2, limits.MaxItemBytes,
            cancellationToken);
        if (scan.Files.Count == 0) return (null, scan.Remark);
        if (source.OnlyChanged
            && !await schedules.PlanFilesAsync(claimed.Worker, claimed.Run.Key, scan.Files, scan.Forgotten, cancellationToken))
        {
            throw new OperationCanceledException("Another process has taken the run.");
        }

        return ((pipe, token) => new ScheduleBody(pipe, folders).WriteFilesAsync(config, folder, target, scan.Files, token), scan.Remark);
    }

    private Func<PipeWriter, CancellationToken, Task>? LinesOf(NdjsonSource source, JsonObject config)
    {
        var (path, reason) = folders.Find(source.Path);
        if (path is null) throw RequestException.Invalid("source.path", reason!);
        using (var opened = RegularFile.OpenRead(path))
        {
            if (opened.Length == 0) return null;
        }

        // Base64 makes three bytes four.
        var maxLine = (limits.MaxItemBytes / 3 * 4) + limits.MaxEnvelopeBytes;
        return async (pipe, token) =>
        {
            await using var file = RegularFile.OpenRead(path);
            await new ScheduleBody(pipe, folders).WriteLinesAsync(config, file, source.Path, maxLine, token);
        };
    }

    private JsonObject ConfigOf(Schedule schedule)
    {
        var config = JsonNode.Parse(schedule.Config ?? "{}")!.AsObject();
        if (!config.ContainsKey("job_name")) config["job_name"] = schedule.Name;
        if (schedule.DeadlineSeconds is { } seconds) config["deadline"] = WireTime.Text(clock.GetUtcNow().AddSeconds(seconds));
        return config;
    }

    private static string KeyOf(ClaimedRun claimed) => string.Create(
        CultureInfo.InvariantCulture, $"{claimed.Schedule.Id}@{claimed.Run.Moment.ToUnixTimeMilliseconds()}");

    private static ScheduleRun Failed(ScheduleRun run, string reason) => run with { State = ScheduleRunState.Failed, Reason = reason };

    /// <summary>True when the run has not failed: this process stops, or its database is unavailable.</summary>
    private static bool MustTryAgain(Exception exception) =>
        exception is OperationCanceledException or UploadLostException || StoreFailure.Is(exception);

    private string ReasonOf(Exception exception, Schedule schedule)
    {
        switch (exception)
        {
            case RequestException refusal:
                return refusal.Problem.Detail;
            case IntakeException refusal:
                return Problem.From(refusal).Detail;
            case TooManyTasksException or OutboundRefusedException or IOException or UnauthorizedAccessException:
                return exception.Message;
            default:
                LogUnexpected(exception, schedule.Name);
                return "The run failed unexpectedly; the log of the server says more.";
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A run of the schedule {Name} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, string name);
}
