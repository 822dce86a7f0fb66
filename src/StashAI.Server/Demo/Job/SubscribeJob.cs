namespace StashAI.Server.Demo.Job;

internal sealed record SubscribeJob(string Type, string JobId);
