using StashAI.Sdk;

namespace StashAI.Queue.Direct;

/// <summary>A task that is held in memory, for a run without the store.</summary>
/// <param name="Input">Its own input, UTF-8 JSON; may be empty.</param>
/// <param name="Payloads">Its binary parts, in the order of the upload. They can be read more than once.</param>
public sealed record DirectTask(ReadOnlyMemory<byte> Input, IReadOnlyList<TaskPayload> Payloads);
