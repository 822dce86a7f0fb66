using StashAI.Sdk;

namespace StashAI.Queue.Model.Subjects;

/// <summary>An ended job with results whose subjects were never read.</summary>
/// <param name="JobKey">The internal key of the job.</param>
/// <param name="Next">The ordinal of the first task whose result is still to be read.</param>
public readonly record struct SubjectBacklog(long JobKey, int Next);

/// <summary>A stored result whose subjects are to be read.</summary>
/// <param name="TaskKey">The internal key of its task.</param>
/// <param name="Version">The version of the task when the result was read.</param>
/// <param name="Output">The result, UTF-8 JSON.</param>
public readonly record struct UnindexedResult(long TaskKey, int Version, ReadOnlyMemory<byte> Output);

/// <summary>What a stored result shows.</summary>
/// <param name="TaskKey">The internal key of its task.</param>
/// <param name="Version">The version of the task when the result was read: a task that changed since keeps what it has.</param>
/// <param name="Subjects">The subjects.</param>
public readonly record struct IndexedResult(long TaskKey, int Version, IReadOnlyList<ResultSubject> Subjects);
