using System.Text.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>What every answer to a submit says.</summary>
internal static class SubmitJson
{
    /// <summary>The ids, and the route's own fields.</summary>
    public static void WriteIds(Utf8JsonWriter json, EnqueuedJob job, Submission submission)
    {
        if (submission.Job.IsSingleTask) json.WriteString("task_id", TaskKey.TaskId(job.JobId, 0));
        json.WriteNumber("expected_tasks", job.Total);
        JobJson.WriteTaskIds(json, job.JobId, job.Total);
        json.WriteNull("coordinator_task_id");
        submission.WriteMore(json, job);
    }

    /// <summary>Where its progress is to be seen.</summary>
    public static void WriteProgress(HttpRequest request, Utf8JsonWriter json, EnqueuedJob job, Submission submission)
    {
        var isSingle = submission.Job.IsSingleTask;
        var id = isSingle ? TaskKey.TaskId(job.JobId, 0) : job.JobId;
        json.WriteString("status_url", request.LinkTo($"/api/queue/status/{id}"));
        json.WriteStartObject("websocket_subscription");
        json.WriteString("type", isSingle ? "subscribe_task" : "subscribe_job");
        json.WriteString(isSingle ? "task_id" : "job_id", id);
        json.WriteEndObject();
    }
}
