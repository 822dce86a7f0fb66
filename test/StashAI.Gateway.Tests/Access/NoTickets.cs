using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Access;

/// <summary>A database without tickets.</summary>
internal sealed class NoTickets : ITickets
{
    public Task<bool> AddTicketAsync(
        ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> holder, TimeSpan lifetime, int most, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public Task<Ticket?> TakeTicketAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) => Task.FromResult<Ticket?>(null);
}
