using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StashAI.Gateway.Settings;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Access;

/// <summary>
/// One-time tickets for WebSockets and event streams, which browsers open without headers. They are valid for thirty seconds at every
/// gateway on the same database that has their key. The database stores only hashes. A ticket is bound to its key's text rather than its
/// name, because several gateways may have different environment keys of the same name.
/// </summary>
internal sealed class Tickets(ITickets store, ApiKeyRing ring, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const int MaxOpen = 10_000;

    /// <summary>Issues a ticket for the caller's key; null while too many are open.</summary>
    public async Task<(string Ticket, DateTimeOffset Until)?> IssueAsync(Caller caller, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Lifetime;
        var ticket = ApiKeyText.TicketStart + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var key = caller.KeyPrefix is { } prefix ? await ring.FindByPrefixAsync(prefix, cancellationToken) : null;
        var holder = key is null ? ReadOnlyMemory<byte>.Empty : HolderOf(ticket, key);
        return await store.AddTicketAsync(HashOf(ticket), holder, Lifetime, MaxOpen, cancellationToken) ? (ticket, until) : null;
    }

    /// <summary>
    /// Uses up a ticket. It is not found when it is unknown, used or expired, or its key is not valid here. A ticket that was issued
    /// without a key is found without a key.
    /// </summary>
    public async Task<(bool IsFound, ApiKey? Key)> RedeemAsync(string ticket, CancellationToken cancellationToken)
    {
        if (await store.TakeTicketAsync(HashOf(ticket), cancellationToken) is not { } taken) return (false, null);
        if (taken.Holder.IsEmpty) return (true, null);
        var key = await ring.FindAsync(
            one => CryptographicOperations.FixedTimeEquals(HolderOf(ticket, one), taken.Holder.Span), cancellationToken);
        return (key is not null, key);
    }

    private static byte[] HashOf(string ticket) => SHA256.HashData(Encoding.UTF8.GetBytes(ticket));

    private static byte[] HolderOf(string ticket, ApiKey key) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(ticket), key.Hash.Span);
}
