namespace StashAI.Server.Demo.Job;

/// <summary>What the demo reads of the answer to a submit.</summary>
internal sealed record JobAccepted(string JobId, int TotalTasks);
