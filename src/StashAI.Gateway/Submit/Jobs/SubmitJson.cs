using System.Text.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>Writes the common fields of answers to submits.</summary>
internal static class SubmitJson
{
    /// <summary>Writes the ids and the route's own fields.</summary>
    public static void WriteIds(Utf8JsonWriter json, EnqueuedJob job, Submission submission)
    {
        if (submission.Job.IsSingleTask) json.WriteString("task_id", TaskKey.TaskId(job.JobId, 0));
        json.WriteNumber("expected_tasks", job.Total);
        JobJson.WriteTaskIds(json, job.JobId, job.Total);
        json.WriteNull("coordinator_task_id");
        submission.WriteExtraFields(json, job);
    }

    /// <summary>Writes where to follow the progress.</summary>
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
