using StashAI.Queue.Model.Access;

namespace StashAI.Queue.Store;

/// <summary>One-time tickets, which every gateway on this database accepts. The database stores only their hashes.</summary>
public interface ITickets
{
    /// <summary>Stores a ticket until it is used or expires. Repeating the call changes nothing and succeeds too (S12).</summary>
    /// <param name="hash">The SHA-256 of the whole ticket.</param>
    /// <param name="holder">Identifies whom the ticket was issued to; may be empty.</param>
    /// <param name="lifetime">How long it is valid.</param>
    /// <param name="most">The most tickets that may be open.</param>
    /// <param name="cancellationToken">Prevents a call that has not begun.</param>
    /// <returns>False while so many are open.</returns>
    Task<bool> AddTicketAsync(ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> holder, TimeSpan lifetime, int most, CancellationToken cancellationToken);

    /// <summary>Uses a ticket up: only one of several callers gets it. Null for a ticket that is unknown, used or expired.</summary>
    Task<Ticket?> TakeTicketAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);
}
