namespace StashAI.Queue.Model.Access;

/// <summary>A one-time ticket that was used.</summary>
/// <param name="Holder">What shows for whom it stands to who has ticket and key; empty when nobody showed a key.</param>
public sealed record Ticket(ReadOnlyMemory<byte> Holder);
