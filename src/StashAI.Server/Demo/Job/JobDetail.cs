namespace StashAI.Server.Demo.Job;

/// <summary>What the demo reads of <c>GET /api/queue/job/{id}</c>; tasks in the order of their images.</summary>
internal sealed record JobDetail(string Status, IReadOnlyList<JobDetailTask> Tasks);
