using System.Globalization;
using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Previews;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage;

namespace StashAI.Gateway.Submit;

/// <summary>
/// Finishes every submit in the same way: commits the upload, then answers 202 with the ids and links, or 200 with the results if the
/// client waits (always in direct mode) and the job ends in time. If the database cannot store the job, it runs without it.
/// </summary>
internal sealed class Submitter(
    QueueEngine engine, JobWaiter waiter, JobAnswer answers, DirectSettings direct, DirectFallback fallback, PreviewMaker previews,
    WebhookTargets webhooks, TimeProvider clock)
{
    public async Task CommitAsync(HttpContext context, MirroredUpload upload, Submission submission, IdempotentRequest? idempotency)
    {
        var dialect = DialectWords.Of(context, Dialect.Default);
        _ = Preference.WaitOf(context.Request);
        var asked = (idempotency?.Apply(submission.Job) ?? submission.Job) with { Owner = CallerIdentity.Of(context.User)?.KeyName };
        if (asked.Webhook is { } named)
        {
            // Whatever became of the webhook since, a repeated request gets the first job.
            if (await TryRepeatAsync(context, idempotency, submission)) return;
            asked = asked with { Webhook = await webhooks.ResolveAsync(named, context.RequestAborted) };
        }

        EnqueuedJob job;
        try
        {
            job = await engine.CommitAsync(upload, asked, context.RequestAborted);
        }
        catch (Exception exception) when (
            StoreFailure.Is(exception) && context.Features.Get<DurableOnly>() is null
            // Without the database nobody would be told of its end.
            && asked.Webhook is null)
        {
            if (!await fallback.TryAnswerAsync(context, upload, submission, asked, dialect, exception)) throw;
            // The client gets its results, so only this reports that nothing can be stored until an operator repairs the database.
            if (StoreTroubles.Of(exception) == StoreTrouble.Damaged) engine.Health.Failed(WorkHealth.Requests, exception);
            return;
        }

        // Before anything is refused or answered: the sender may be gone.
        if (!job.IsDifferentRequest && context.Features.Get<CommitNotice>() is { } notice) await notice.OnCommittedAsync(job);
        // The key is in the database now; a repeated request need not wait for this answer.
        idempotency?.Dispose();
        if (job.IsDifferentRequest) throw IdempotentRequest.UsedForOtherRequest();
        if (job.IsDuplicate) context.Response.Headers["Idempotency-Replayed"] = "true";
        await AnswerAsync(context, job, submission, dialect);
    }

    /// <summary>
    /// Answers a request whose idempotency key has made a job before; false for any other. Its body must have been read.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="idempotency">The request's idempotency key, or null.</param>
    /// <param name="submission">What the request asks for; null when that is refused by now.</param>
    public async Task<bool> TryRepeatAsync(HttpContext context, IdempotentRequest? idempotency, Submission? submission = null)
    {
        if (idempotency is null
            || await engine.Read.FindRepeatedAsync(idempotency.Key, idempotency.Hash, context.RequestAborted) is not { } first)
        {
            return false;
        }

        if (first.IsDifferentRequest) throw IdempotentRequest.UsedForOtherRequest();
        if (await engine.Read.FindJobAsync(first.JobId, context.RequestAborted) is not { } job) return false;
        if (context.Features.Get<CommitNotice>() is { } notice) await notice.OnCommittedAsync(first);
        idempotency.Dispose();
        if (submission is null)
        {
            await RepeatAsync(context, job);
            return true;
        }

        context.Response.Headers["Idempotency-Replayed"] = "true";
        await AnswerAsync(context, first, submission, DialectWords.Of(context, Dialect.Default));
        return true;
    }

    /// <summary>Answers for a job that an earlier request made.</summary>
    public Task RepeatAsync(HttpContext context, JobView job)
    {
        context.Response.Headers["Idempotency-Replayed"] = "true";
        var first = new NewJob
        {
            Service = job.Service,
            JobType = job.JobType,
            TaskType = job.TaskType,
            Upstream = job.Upstream,
            IsSingleTask = job.IsSingleTask,
            Config = job.Config,
        };
        var submission = new Submission(
            first, total => total == 1 ? "The item was queued before." : $"{total} items were queued before.", static (_, _) => { });
        return AnswerAsync(
            context, new EnqueuedJob(job.Key, job.JobId, job.Counters.Total) { IsDuplicate = true }, submission,
            DialectWords.Of(context, Dialect.Default));
    }

    private async Task AnswerAsync(HttpContext context, EnqueuedJob job, Submission submission, Dialect dialect)
    {
        context.Response.Headers.Location = context.Request.LinkTo(
            submission.Job.IsSingleTask ? $"/api/queue/task/{TaskKey.TaskId(job.JobId, 0)}" : $"/api/queue/job/{job.JobId}");
        var wait = Preference.WaitOf(context.Request);
        if (wait is { } asked) Preference.Applied(context.Response, asked);
        else if (direct.IsOn && !(submission.Job.StartAt > clock.GetUtcNow())) wait = TimeSpan.FromSeconds(Preference.MaxSeconds);
        var view = wait is { } patience
            ? await waiter.WaitAsync(job.JobId, patience, context.RequestAborted)
            : await engine.Read.FindJobAsync(job.JobId, context.RequestAborted);
        // Readers of the job will want its first previews, so they are made while its tasks wait.
        if (view is not null && view.PayloadBytes > InputDetails.FullInputLimit) previews.Request(view.Key, 0, PreviewMaker.Ahead);
        if (wait is not null && view is not null && JobStateMachine.IsTerminal(view.State))
        {
            await answers.WriteAsync(
                context, view, dialect, 0, Math.Max(JobAnswer.DefaultResults, direct.MaxItems),
                json => WriteExtraFields(context, json, job, submission));
        }
        else
        {
            await AcknowledgeAsync(context, job, view, submission);
        }
    }

    private async Task AcknowledgeAsync(HttpContext context, EnqueuedJob job, JobView? view, Submission submission)
    {
        var eta = view is null ? null : await answers.EstimateAsync(view, context.RequestAborted);
        context.Response.Headers.RetryAfter = Math.Clamp((int)Math.Ceiling(eta?.Seconds ?? 1), 1, 60)
            .ToString(CultureInfo.InvariantCulture);
        await WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            json.WriteString("job_id", job.JobId);
            json.WriteString("status", DialectWords.Accepted);
            json.WriteString("state", view is { StartsLater: true } ? "scheduled" : DialectWords.State(JobState.Pending));
            json.WriteNumber("total_tasks", job.Total);
            EtaJson.Write(json, eta);
            JobCost.WriteEstimate(json, submission.Job.Config, job.Total);
            json.WriteString("adapter_name", submission.Job.Service);
            json.WriteString("message", submission.Message(job.Total));
            WriteExtraFields(context, json, job, submission);
            json.WriteEndObject();
        });
    }

    private void WriteExtraFields(HttpContext context, Utf8JsonWriter json, EnqueuedJob job, Submission submission)
    {
        json.WriteString("mode", direct.Mode);
        json.WriteBoolean("durable", true);
        SubmitJson.WriteIds(json, job, submission);
        SubmitJson.WriteProgress(context.Request, json, job, submission);
    }
}
