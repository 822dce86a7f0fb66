namespace StashAI.Server.Demo.Job;

internal sealed record JobRequestConfig(double Threshold, string JobName);
