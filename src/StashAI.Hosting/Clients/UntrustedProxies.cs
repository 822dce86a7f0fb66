using System.Collections.Concurrent;

namespace StashAI.Hosting.Clients;

/// <summary>
/// Explains refusals of requests that came through a proxy which nobody trusts: to the client without naming an address, and to the
/// operator once for each proxy. Clients can make up proxies but not their own address; it stops after a thousand of them.
/// </summary>
/// <param name="setting">The setting that names trusted proxies.</param>
/// <param name="logger">The operator's log.</param>
public sealed partial class UntrustedProxies(string setting, ILogger<UntrustedProxies> logger)
{
    private const int MaxProxies = 1000;

    private readonly ConcurrentDictionary<string, bool> told = new(StringComparer.Ordinal);

    /// <summary>Tells the operator that a request was refused.</summary>
    public void Note(ClientAddress client)
    {
        var proxy = client.Peer?.ToString() ?? "unix";
        if (client.HasUntrustedProxy && told.Count < MaxProxies && told.TryAdd(proxy, true)) LogRefused(proxy, setting, proxy);
    }

    /// <summary>Does the same, and explains it to the client.</summary>
    /// <returns>A sentence with a space before it; empty for a client that came through no such proxy.</returns>
    public string Explain(ClientAddress client)
    {
        if (!client.HasUntrustedProxy) return "";
        Note(client);
        return $" The request came through a proxy that {setting} does not name, so it does not count as one from this machine.";
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A request was refused that came through a proxy at {Proxy}, as its headers say. If the proxy is yours, name it with "
            + "{Setting}={Example} and restart; clients of other machines are refused all the same")]
    private partial void LogRefused(string proxy, string setting, string example);
}
