using System.Text.Json;

namespace StashAI.Server.Demo.Job;

internal sealed record JobDetailTask(
    string TaskId,
    string Status,
    JsonElement? OutputJson,
    double? ProcessingTimeMs,
    string? ErrorMessage);
