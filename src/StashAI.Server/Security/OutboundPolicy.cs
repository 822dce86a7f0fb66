using System.Net;
using System.Net.Sockets;
using StashAI.Sdk;

namespace StashAI.Server.Security;

/// <summary>
/// Decides which addresses the server calls on behalf of clients (C-20). Checked when a job is submitted and again on every connect, where
/// only addresses that were just checked are used, so a name that changes its address in between (DNS rebinding) gains nothing.
/// </summary>
internal sealed class OutboundPolicy(SecurityOptions options, ServiceAddresses services, IDnsResolver resolver)
{
    private const string ListIt = $"add it to {SecurityOptions.AllowedUpstreamsSetting}";

    /// <summary>Checks a URL before anything is stored for it.</summary>
    /// <param name="uri">The URL that would be called.</param>
    /// <param name="field">The field of the request it came from, for the error.</param>
    /// <param name="cancellationToken">Cancels the name lookup.</param>
    /// <exception cref="OutboundRefusedException">It may not be called.</exception>
    public async ValueTask CheckAsync(Uri uri, string? field, CancellationToken cancellationToken)
    {
        if (CheckForm(uri) is { } malformed)
        {
            throw new OutboundRefusedException(malformed, setting: null, field);
        }

        var host = HostNames.Of(uri);
        if (!IPAddress.TryParse(host, out _) && IsTrusted(host, uri.Port) && !HostNames.IsMetadata(host))
        {
            return; // its name may not resolve yet: the connect check decides
        }

        try
        {
            await FindAddressesAsync(host, uri.Port, cancellationToken);
        }
        catch (OutboundRefusedException refusal)
        {
            throw new OutboundRefusedException(refusal.Message, refusal.Setting, field);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            throw new OutboundRefusedException($"{host} has no address: check the host name", setting: null, field);
        }
        catch (SocketException)
        {
            // The name server does not answer now; the connect check decides when the call is made.
        }
    }

    /// <summary>The addresses of a host that may be called on this port; at least one.</summary>
    /// <exception cref="OutboundRefusedException">None may be called.</exception>
    /// <exception cref="SocketException">The name could not be looked up.</exception>
    public async ValueTask<IReadOnlyList<IPAddress>> FindAddressesAsync(string host, int port, CancellationToken cancellationToken)
    {
        var name = HostNames.Normalise(host);
        if (HostNames.IsMetadata(name))
        {
            throw new OutboundRefusedException($"{name} is a cloud metadata service and is never called");
        }

        var addresses = IPAddress.TryParse(name, out var literal) ? [literal] : await resolver.ResolveAsync(name, cancellationToken);
        var allowed = new List<IPAddress>(addresses.Length);
        OutboundRefusedException? refusal = null;
        foreach (var address in addresses)
        {
            if (Judge(name, port, address) is { } reason)
            {
                refusal ??= reason;
            }
            else
            {
                allowed.Add(address);
            }
        }

        if (allowed.Count > 0)
        {
            return allowed;
        }

        throw refusal is null ? new SocketException((int)SocketError.NoData) : refusal;
    }

    private static string? CheckForm(Uri uri)
    {
        if (uri is not { IsAbsoluteUri: true, Scheme: "http" or "https" } || HostNames.Of(uri).Length == 0)
        {
            return "the address must be an absolute http or https URL with a valid host name";
        }

        return uri.UserInfo.Length > 0 ? "the address must not hold a user name or password" : null;
    }

    private bool IsTrusted(string host, int port)
    {
        if (services.Contains(host, port))
        {
            return true;
        }

        foreach (var rule in options.AllowedUpstreams)
        {
            if (rule.AllowsHost(host, port))
            {
                return true;
            }
        }

        return false;
    }

    private OutboundRefusedException? Judge(string host, int port, IPAddress address)
    {
        var kind = AddressRanges.Classify(address);
        var shown = IPAddress.TryParse(host, out _) ? host : $"{host} ({address})";
        if (kind == AddressKind.Special)
        {
            return new OutboundRefusedException($"{shown} is link-local, a metadata service or another special address and is never called");
        }

        if (IsTrusted(host, port) || IsInAllowedNetwork(address))
        {
            return null;
        }

        return kind switch
        {
            AddressKind.Local when !options.TrustLan => new OutboundRefusedException(
                $"{shown} is a private address: {ListIt}, or set {SecurityOptions.TrustLanSetting}=true to allow all private addresses",
                SecurityOptions.TrustLanSetting),
            AddressKind.Public when options.StrictUpstreams => new OutboundRefusedException(
                $"{shown} is not a listed address and {SecurityOptions.StrictUpstreamsSetting} is on: {ListIt}",
                SecurityOptions.AllowedUpstreamsSetting),
            _ => null,
        };
    }

    private bool IsInAllowedNetwork(IPAddress address)
    {
        foreach (var rule in options.AllowedUpstreams)
        {
            if (rule.AllowsAddress(address))
            {
                return true;
            }
        }

        return false;
    }
}
