using StashAI.Queue.Model.Access;

namespace StashAI.Queue.Store;

/// <summary>One-time tickets, which every gateway on this database takes whichever of them gave it. The database stores only their hashes.</summary>
public interface ITickets
{
    /// <summary>Keeps a ticket until it is taken or too old. The same call again changes nothing and succeeds too (S12).</summary>
    /// <param name="hash">The SHA-256 of the whole ticket.</param>
    /// <param name="holder">Identifies whom the ticket was issued to; may be empty.</param>
    /// <param name="lifetime">How long it is valid.</param>
    /// <param name="most">The most tickets that may be open.</param>
    /// <param name="cancellationToken">Prevents a call that has not begun.</param>
    /// <returns>False while so many are open.</returns>
    Task<bool> AddTicketAsync(ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> holder, TimeSpan lifetime, int most, CancellationToken cancellationToken);

    /// <summary>Takes a ticket, which is worth nothing from then on: of several callers one gets it. Null for one that is unknown, used or too old.</summary>
    Task<Ticket?> TakeTicketAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);
}
