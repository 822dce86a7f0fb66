using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Trials;

/// <summary>The item of a trial call.</summary>
/// <param name="Input">The item's JSON without files; empty if the item is a file.</param>
/// <param name="Payloads">The item's files.</param>
internal sealed record TrialItem(ReadOnlyMemory<byte> Input, IReadOnlyList<TaskPayload> Payloads);
