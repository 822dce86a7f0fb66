namespace StashAI.Queue.Model.Jobs;

/// <summary>A job that somebody thinks of submitting.</summary>
/// <param name="Service">The service that it would call.</param>
/// <param name="Authority">The authority of the address that it would call.</param>
/// <param name="Count">How many tasks it would have.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="MaxParallel">The most of its tasks that would run at once.</param>
public sealed record QuotedJob(string Service, string Authority, int Count, int Priority, int MaxParallel);
