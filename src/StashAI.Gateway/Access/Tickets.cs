using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StashAI.Gateway.Settings;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Access;

/// <summary>
/// One-time tickets for WebSockets and event streams, which browsers open without headers. They are good for thirty seconds at every gateway on
/// the same database that knows their key. The database has hashes alone, and a ticket is bound to its key's text, not to its name: keys of the
/// environment may be named alike at several gateways.
/// </summary>
internal sealed class Tickets(ITickets store, ApiKeyRing ring, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const int MaxOpen = 10_000;

    /// <summary>A ticket that stands for the caller's key once; null while far too many are open.</summary>
    public async Task<(string Ticket, DateTimeOffset Until)?> IssueAsync(Caller caller, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Lifetime;
        var ticket = ApiKeyText.TicketStart + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var key = caller.KeyPrefix is { } prefix ? await ring.FindByPrefixAsync(prefix, cancellationToken) : null;
        var holder = key is null ? ReadOnlyMemory<byte>.Empty : HolderOf(ticket, key);
        return await store.AddTicketAsync(HashOf(ticket), holder, Lifetime, MaxOpen, cancellationToken) ? (ticket, until) : null;
    }

    /// <summary>
    /// Uses a ticket up. Not found: it is unknown, used, too old, or its key does not hold here. Found without a key: nobody showed one for it.
    /// </summary>
    public async Task<(bool IsFound, ApiKey? Key)> RedeemAsync(string ticket, CancellationToken cancellationToken)
    {
        if (await store.TakeTicketAsync(HashOf(ticket), cancellationToken) is not { } taken) return (false, null);
        if (taken.Holder.IsEmpty) return (true, null);
        var key = await ring.FindAsync(one => CryptographicOperations.FixedTimeEquals(HolderOf(ticket, one), taken.Holder.Span), cancellationToken);
        return (key is not null, key);
    }

    private static byte[] HashOf(string ticket) => SHA256.HashData(Encoding.UTF8.GetBytes(ticket));

    private static byte[] HolderOf(string ticket, ApiKey key) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(ticket), key.Hash.Span);
}
