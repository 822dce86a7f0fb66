using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace StashAI.Server.Security;

/// <summary>
/// How often an address may show a wrong key: twenty times, then once in two minutes. This machine is never shut out, because a proxy on it
/// speaks for everybody.
/// </summary>
internal sealed class AuthThrottle : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        IPAddress.IsLoopback(address)
            ? RateLimitPartition.GetNoLimiter(address)
            : RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 20,
                TokensPerPeriod = 5,
                ReplenishmentPeriod = TimeSpan.FromMinutes(10),
                QueueLimit = 0,
            }));

    /// <summary>True while nothing from this address is looked at.</summary>
    public bool IsShut(IPAddress? address) =>
        // Not a lease of none: it is granted for a fraction of a token too, which is there again at once.
        limiter.GetStatistics(Group(address)) is { CurrentAvailablePermits: < 1 };

    /// <summary>Counts a wrong key.</summary>
    public void Fail(IPAddress? address) => limiter.AttemptAcquire(Group(address)).Dispose();

    public void Dispose() => limiter.Dispose();

    /// <summary>An IPv6 network of one customer counts as one address. Without an address it is a socket of this machine.</summary>
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
