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
    QueueEngine engine, ServiceRegistry services, IHostApplicationLifetime lifetime, ILogger<DirectFallback> logger)
{
    /// <summary>False when the submit cannot be run without the database: then its failure is the answer.</summary>
    public async Task<bool> TryAnswerAsync(
        HttpContext context, HeldUpload upload, Submission submission, NewJob job, Dialect dialect, Exception cause)
    {
        if (services.Find(job.Service) is { Manifest.IsLocal: true } || !engine.CanRunDirect(job)) return false;
        if (await IsPausedAsync(job.Service, context.RequestAborted) || upload.TakeHeld() is not { } tasks) return false;
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
                "message", "The queue's database cannot be written: this ran at once, and nothing of it is kept but this answer.");
            JobJson.WriteFields(json, run.Job, request: null);
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
            throw new RequestException(Problem.Unavailable("The server is stopping and took nothing of this request: send it again."));
        }
    }

    /// <summary>Most databases that cannot be written can still be read. Where not, nobody knows of a pause.</summary>
    private async Task<bool> IsPausedAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            return (await engine.Read.ReadPausesAsync(cancellationToken)).Includes(service);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database did not take a job of {Tasks} tasks; it runs without: {Reason}")]
    private partial void LogDirect(int tasks, string reason);
}
