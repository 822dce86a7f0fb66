namespace StashAI.Server.Demo.Job;

/// <summary>What the demo reads of any message of the WebSocket.</summary>
internal sealed record SocketMessage(
    string? Type,
    string? Message,
    string? JobId,
    string? Status,
    int TotalTasks,
    int CompletedTasks,
    int FailedTasks);
