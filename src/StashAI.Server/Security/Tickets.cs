using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace StashAI.Server.Security;

/// <summary>
/// One-time tickets for WebSockets and event streams, which browsers open without headers. They are known to this process alone, for thirty
/// seconds.
/// </summary>
internal sealed class Tickets(TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const string Start = "ticket_";
    private const int MaxOpen = 10_000;

    private readonly ConcurrentDictionary<string, (Caller Caller, DateTimeOffset Until)> open = new();

    public static bool IsTicket(string text) => text.StartsWith(Start, StringComparison.Ordinal);

    /// <summary>A ticket that stands for the caller once; null while far too many are open.</summary>
    public (string Ticket, DateTimeOffset Until)? Issue(Caller caller)
    {
        var now = clock.GetUtcNow();
        if (open.Count >= MaxOpen)
        {
            foreach (var (old, entry) in open)
            {
                if (entry.Until <= now) open.TryRemove(old, out _);
            }

            if (open.Count >= MaxOpen) return null;
        }

        var ticket = Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        open[ticket] = (caller, now + Lifetime);
        return (ticket, now + Lifetime);
    }

    /// <summary>The caller of a ticket, which is worth nothing from then on; null for one that is unknown, used or too old.</summary>
    public Caller? Redeem(string ticket) =>
        open.TryRemove(ticket, out var entry) && entry.Until > clock.GetUtcNow() ? entry.Caller : null;
}
