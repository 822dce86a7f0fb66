using System.Text.Json;

namespace StashAI.Server.Demo;

/// <summary>The fields of the answer to a submit that the demo reads.</summary>
internal sealed record JobAccepted(string JobId, int TotalTasks);

/// <summary>The fields of <c>GET /api/queue/job/{id}</c> that the demo reads; tasks are in the order of their images.</summary>
internal sealed record JobDetail(string Status, IReadOnlyList<JobDetailTask> Tasks);

internal sealed record JobDetailTask(
    string TaskId,
    string Status,
    JsonElement? OutputJson,
    double? ProcessingTimeMs,
    string? ErrorMessage);

/// <summary>One <c>job_progress</c> message.</summary>
internal sealed record JobProgress(string? JobId, string? Status, int TotalTasks, int CompletedTasks, int FailedTasks)
{
    public bool IsFinal => Status is "completed" or "finished" or "partial" or "failed" or "cancelled";
}

/// <summary>The members of a batch besides its images.</summary>
internal sealed record JobRequest(string VisageApiUrl, JobRequestConfig Config);

internal sealed record JobRequestConfig(double Threshold, string JobName);

internal sealed record SubscribeJob(string Type, string JobId);

/// <summary>The fields of WebSocket messages that the demo reads.</summary>
internal sealed record SocketMessage(
    string? Type,
    string? Message,
    string? JobId,
    string? Status,
    int TotalTasks,
    int CompletedTasks,
    int FailedTasks);
