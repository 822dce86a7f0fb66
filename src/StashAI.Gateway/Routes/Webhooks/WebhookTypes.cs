using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Webhooks;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary>The types of events.</summary>
internal static class WebhookTypes
{
    /// <summary>What a person sends to see whether a receiver is there; nobody subscribes to it.</summary>
    public const string Test = "webhook.test";

    /// <summary>The types to which webhooks subscribe.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "job.completed", "job.partial", "job.failed", "job.cancelled",
        "batch.completed", "batch.failed", "batch.expired", "batch.cancelled",
    ];

    /// <summary>The type of a job's end.</summary>
    public static string OfJob(JobState state) => state switch
    {
        JobState.Completed => "job.completed",
        JobState.Partial => "job.partial",
        JobState.Cancelled => "job.cancelled",
        _ => "job.failed",
    };

    /// <summary>The type of a batch's end, in the same words as the <c>status</c> of <c>GET /v1/batches/{id}</c> then has.</summary>
    public static string OfBatch(EndedWork ended) => ended switch
    {
        { JobId: null, State: JobState.Cancelled } or { Cancelled: > 0 } => "batch.cancelled",
        { JobId: null } => "batch.failed",
        { Failed: > 0, Deadline: { } deadline } when ended.EndedAt >= deadline => "batch.expired",
        _ => "batch.completed",
    };
}
