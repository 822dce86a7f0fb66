using StashAI.Sdk;

namespace StashAI.Queue.Model.Changes;

/// <summary>Which failed tasks of a job are retried. What is null selects all.</summary>
/// <param name="Fingerprint">Only those of this group of failures.</param>
/// <param name="Kind">Only those of this kind of error.</param>
/// <param name="Until">Only those that had failed by then.</param>
public readonly record struct RetrySelection(long? Fingerprint = null, ErrorKind? Kind = null, DateTimeOffset? Until = null);
