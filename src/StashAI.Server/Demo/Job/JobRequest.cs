namespace StashAI.Server.Demo.Job;

/// <summary>The members of a batch beside its images.</summary>
internal sealed record JobRequest(string VisageApiUrl, JobRequestConfig Config);
