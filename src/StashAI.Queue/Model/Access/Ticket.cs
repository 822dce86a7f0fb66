namespace StashAI.Queue.Model.Access;

/// <summary>A one-time ticket that has been used.</summary>
/// <param name="Holder">
/// Identifies the API key for which the ticket was issued; only a holder of ticket and key can tell which. Empty without a key.
/// </param>
public sealed record Ticket(ReadOnlyMemory<byte> Holder);
