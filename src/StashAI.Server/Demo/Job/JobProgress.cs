namespace StashAI.Server.Demo.Job;

/// <summary>One <c>job_progress</c> message.</summary>
internal sealed record JobProgress(string? JobId, string? Status, int TotalTasks, int CompletedTasks, int FailedTasks)
{
    public bool IsFinal => Status is "completed" or "finished" or "partial" or "failed" or "cancelled";
}
