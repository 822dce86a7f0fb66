using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Direct;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Services;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>Answers a submit that the database did not take: runs it at once, and says that nothing of it is kept.</summary>
internal sealed partial class DirectFallback(
    QueueEngine engine, ServiceRegistry services, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DirectFallback> logger)
{
    /// <summary>Runs and answers the submit. False when it cannot run without the database; then the failure is the answer.</summary>
    public async Task<bool> TryAnswerAsync(
        HttpContext context, MirroredUpload upload, Submission submission, NewJob job, Dialect dialect, Exception cause)
    {
        if (services.Find(job.Service) is { Manifest.IsLocal: true } || !engine.CanRunDirect(job)) return false;
        if (await MustWaitAsync(job.Service, context.RequestAborted) || upload.TakeTasks() is not { } tasks) return false;
        LogDirect(tasks.Count, cause.Message);
        var run = await RunAsync(job, tasks, context.RequestAborted);
        var shown = await PictureLinks.ForAsync(context);
        var enqueued = new EnqueuedJob(0, run.Job.JobId, run.Tasks.Count);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "job");
            json.WriteString("mode", "direct");
            json.WriteBoolean("durable", false);
            json.WriteString(
                "message",
                "The queue's database cannot be written: the job ran at once, and nothing of it is stored. This answer has its results.");
            JobJson.WriteFields(json, AggregateNames.Add(run.Job, run.Tasks), request: null);
            json.WriteNumber("progress", run.Job.Counters.ProgressPercentage);
            EtaJson.Write(json, null);
            SubmitJson.WriteIds(json, enqueued, submission);
            ResultJson.WritePage(json, run.Job, [.. run.Tasks.Select(task => shown.Of(run.Job, task))], 0, dialect);
            json.WriteEndObject();
        });
        return true;
    }

    private async Task<DirectRun> RunAsync(NewJob job, IReadOnlyList<DirectTask> tasks, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            return await engine.RunDirectAsync(job, tasks, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RequestException(Problem.Unavailable("The server is stopping and stored nothing of this request: send it again."));
        }
    }

    /// <summary>
    /// Reads whether the service is paused, outside its allowed hours, or has limits that all processes share. A database that cannot be
    /// written can usually be read; otherwise nothing of this is known.
    /// </summary>
    private async Task<bool> MustWaitAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            return (await engine.Read.ReadPausesAsync(cancellationToken)).Includes(service)
                || (await engine.Read.ListLimitsAsync(cancellationToken)).Any(
                    one => one.Service == service
                        && (one.IsClosed(clock.GetUtcNow()) || one.InForce is not { MaxRunning: null, RatePerSecond: null }));
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The database could not store a job of {Tasks} tasks; running it without the database: {Reason}")]
    private partial void LogDirect(int tasks, string reason);
}
