using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Access;

/// <summary>
/// Limits how often an address may send a wrong key: twenty times, then once in two minutes. It runs after the key was checked, so it never
/// refuses a valid one. Programs on this machine are not counted.
/// </summary>
internal sealed class AuthThrottle : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 20,
            TokensPerPeriod = 5,
            ReplenishmentPeriod = TimeSpan.FromMinutes(10),
            QueueLimit = 0,
        }));

    /// <summary>Counts a wrong key.</summary>
    /// <returns>True when it was one too many.</returns>
    public bool Fail(ClientAddress client)
    {
        if (client.IsThisMachine) return false;
        using var lease = limiter.AttemptAcquire(Group(client.Address));
        return !lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    /// <summary>A customer's IPv6 network counts as one address, and so do all unknown clients of a proxy.</summary>
    private static IPAddress Group(IPAddress? address)
    {
        if (address is null) return IPAddress.Loopback;
        var plain = AddressRanges.Unmap(address);
        if (plain.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(plain)) return plain;
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
