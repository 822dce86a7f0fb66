using System.Net;
using System.Net.Sockets;

namespace StashAI.Hosting.Addresses;

/// <summary>
/// Tells whether a private name belongs to a machine of this network: all its addresses are private. Answers are kept for a minute, at most
/// 256 of them, and few names are looked up at once, since pages choose the names.
/// </summary>
public sealed class PrivateNameLookup(IDnsResolver dns, TimeProvider clock) : IDisposable
{
    private const int MaxKept = 256;
    private const int MaxAtOnce = 8;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (IReadOnlyList<IPAddress> Addresses, long At)> kept = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(MaxAtOnce, MaxAtOnce);

    /// <summary>The private addresses of a private name; empty when it has none, or one that is not private.</summary>
    public async ValueTask<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (!PrivateNames.Contain(host)) return [];
        lock (gate)
        {
            if (kept.TryGetValue(host, out var known) && clock.GetElapsedTime(known.At) < Lifetime) return known.Addresses;
        }

        if (!await places.WaitAsync(TimeSpan.Zero, cancellationToken)) return [];
        try
        {
            var addresses = await LookUpAsync(host, cancellationToken);
            lock (gate)
            {
                if (kept.Count >= MaxKept) kept.Clear();
                kept[host] = (addresses, clock.GetTimestamp());
            }

            return addresses;
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    private async Task<IReadOnlyList<IPAddress>> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // A resolver need not heed the token.
            var addresses = await dns.ResolveAsync(host, either.Token).AsTask().WaitAsync(either.Token);
            return Array.TrueForAll(addresses, address => AddressRanges.Classify(address) == AddressKind.Local) ? addresses : [];
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException
            || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }
}
