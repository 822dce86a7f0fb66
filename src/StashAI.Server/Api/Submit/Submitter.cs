using System.Globalization;
using System.Text.Json;
using StashAI.Queue.Engine;
using StashAI.Queue.Model;
using StashAI.Queue.Store;
using StashAI.Server.Api.Queue;
using StashAI.Server.Api.Wire;

namespace StashAI.Server.Api.Submit;

/// <summary>
/// Ends every submit alike: makes the upload durable, then answers 202 with the ids and where to look, or 200 with the results when the
/// client prefers to wait and the job is over in time.
/// </summary>
internal sealed class Submitter(QueueEngine engine, JobWaiter waiter, JobAnswer answers)
{
    public async Task CommitAsync(HttpContext context, IUpload upload, Submission submission, IdempotentRequest? once)
    {
        var dialect = DialectWords.Of(context, Dialect.Default);
        var wait = Preference.WaitOf(context.Request);
        var job = await engine.CommitAsync(upload, once?.Apply(submission.Job) ?? submission.Job, context.RequestAborted);
        // The key is in the database now; whoever sends it again need not wait for this answer.
        once?.Dispose();
        if (job.IsOtherRequest) throw IdempotentRequest.OtherRequest();
        if (job.IsDuplicate) context.Response.Headers["Idempotency-Replayed"] = "true";
        var isSingle = submission.Job.IsSingleTask;
        context.Response.Headers.Location = isSingle ? $"/api/queue/task/{TaskKey.TaskId(job.JobId, 0)}" : $"/api/queue/job/{job.JobId}";
        JobView? view = null;
        if (wait is { } patience)
        {
            Preference.Applied(context.Response, patience);
            view = await waiter.WaitAsync(job.JobId, patience, context.RequestAborted);
        }

        view ??= await engine.Read.FindJobAsync(job.JobId, context.RequestAborted);
        if (wait is not null && view is not null && JobStateMachine.IsTerminal(view.State))
            await answers.WriteAsync(context, view, dialect, json => WriteMore(json, job, submission, isSingle));
        else
            await AcknowledgeAsync(context, job, view, submission, isSingle);
    }

    private async Task AcknowledgeAsync(HttpContext context, EnqueuedJob job, JobView? view, Submission submission, bool isSingle)
    {
        var eta = view is null ? null : await answers.EstimateAsync(view, context.RequestAborted);
        context.Response.Headers.RetryAfter = Math.Clamp((int)Math.Ceiling(eta?.Seconds ?? 1), 1, 60).ToString(CultureInfo.InvariantCulture);
        await WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            json.WriteString("job_id", job.JobId);
            json.WriteString("status", DialectWords.Accepted);
            json.WriteString("state", view is { StartsLater: true } ? "scheduled" : DialectWords.State(JobState.Pending));
            json.WriteNumber("total_tasks", job.Total);
            json.WriteNumber("expected_tasks", job.Total);
            EtaJson.Write(json, eta);
            json.WriteString("message", submission.Message(job.Total));
            WriteMore(json, job, submission, isSingle);
            json.WriteEndObject();
        });
    }

    private static void WriteMore(Utf8JsonWriter json, EnqueuedJob job, Submission submission, bool isSingle)
    {
        var taskId = TaskKey.TaskId(job.JobId, 0);
        if (isSingle) json.WriteString("task_id", taskId);
        JobJson.WriteTaskIds(json, job.JobId, job.Total);
        json.WriteNull("coordinator_task_id");
        submission.WriteMore(json, job);
        json.WriteString("status_url", $"/api/queue/status/{(isSingle ? taskId : job.JobId)}");
        json.WriteStartObject("websocket_subscription");
        json.WriteString("type", isSingle ? "subscribe_task" : "subscribe_job");
        json.WriteString(isSingle ? "task_id" : "job_id", isSingle ? taskId : job.JobId);
        json.WriteEndObject();
    }
}
