using StashAI.Sdk;

namespace StashAI.Server.Cli.Import;

/// <summary>The item of a trial call.</summary>
/// <param name="Input">Its JSON without the files; empty where the item is a file.</param>
/// <param name="Payloads">Its files.</param>
internal sealed record TrialItem(ReadOnlyMemory<byte> Input, IReadOnlyList<TaskPayload> Payloads);
