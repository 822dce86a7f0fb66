using StashAI.Queue.Model.Access;

namespace StashAI.Queue.Store;

/// <summary>One-time tickets, which every gateway on this database accepts. The database stores only their hashes.</summary>
public interface ITickets
{
    /// <summary>Stores a ticket until it is used or expires. Repeating the call changes nothing and succeeds too (S12).</summary>
    /// <param name="hash">The SHA-256 of the whole ticket.</param>
    /// <param name="holder">Identifies the API key that the ticket was issued for; may be empty.</param>
    /// <param name="lifetime">How long it is valid.</param>
    /// <param name="most">The most tickets that may be open at once.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    /// <returns>False while <paramref name="most"/> tickets are open.</returns>
    Task<bool> AddTicketAsync(
        ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> holder, TimeSpan lifetime, int most, CancellationToken cancellationToken);

    /// <summary>Uses up a ticket; only one of several callers gets it. Null for a ticket that is unknown, used or expired.</summary>
    Task<Ticket?> TakeTicketAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);
}
