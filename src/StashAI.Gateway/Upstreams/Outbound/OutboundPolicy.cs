using System.Net;
using System.Net.Sockets;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>
/// Decides which addresses the server may reach on behalf of clients (C-20). Calling a configured service, calling an address that a job
/// names, and fetching an address that an item names are three permissions. They are checked at the submit and again on every connect,
/// which uses only addresses that were just checked, so changing a name's address in between (DNS rebinding) does not help an attacker.
/// </summary>
internal sealed class OutboundPolicy(SecurityOptions options, Func<ServiceSnapshot> services, ThisMachine machine, IDnsResolver resolver)
{
    private const string Calling = SecurityOptions.AllowedUpstreamsSetting;
    private const string Fetching = SecurityOptions.AllowedFetchHostsSetting;

    /// <summary>Checks a URL before anything is stored for it.</summary>
    /// <param name="uri">The URL to call.</param>
    /// <param name="field">The field of the request with the URL, for the error.</param>
    /// <param name="cancellationToken">Cancels the name lookup.</param>
    /// <param name="purpose">The purpose of the call.</param>
    /// <exception cref="OutboundRefusedException">The URL may not be called.</exception>
    public async ValueTask CheckAsync(
        Uri uri, string? field, CancellationToken cancellationToken, OutboundPurpose purpose = OutboundPurpose.Named)
    {
        if (CheckForm(uri) is { } malformed) throw new OutboundRefusedException(malformed, setting: null, field);
        var host = HostNames.Of(uri);
        try
        {
            await FindAddressesAsync(purpose, host, uri.Port, cancellationToken);
        }
        catch (OutboundRefusedException exception)
        {
            throw new OutboundRefusedException(exception.Message, exception.Setting, field);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            // its name may not resolve yet, so the check at the connect decides
            if (IsListed(purpose, host, uri.Port) || (purpose == OutboundPurpose.Configured && services().IsAddress(host, uri.Port)))
            {
                return;
            }

            throw new OutboundRefusedException($"{host} has no address: check the host name", setting: null, field);
        }
        catch (SocketException)
        {
            // The name server does not answer now; the check at the connect decides.
        }
    }

    /// <summary>The addresses of a host that may be reached on this port, at least one.</summary>
    /// <exception cref="OutboundRefusedException">None may be reached.</exception>
    /// <exception cref="SocketException">The name could not be looked up.</exception>
    public async ValueTask<IReadOnlyList<IPAddress>> FindAddressesAsync(
        OutboundPurpose purpose, string host, int port, CancellationToken cancellationToken)
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
            if (await CheckAddressAsync(purpose, name, port, address, cancellationToken) is { } reason)
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

        return uri.UserInfo.Length > 0 ? "the address must not contain a user name or password" : null;
    }

    private async ValueTask<OutboundRefusedException?> CheckAddressAsync(
        OutboundPurpose purpose, string host, int port, IPAddress address, CancellationToken cancellationToken)
    {
        var kind = AddressRanges.Classify(address);
        var shown = IPAddress.TryParse(host, out _) ? host : $"{host} ({address})";
        if (kind == AddressKind.Special)
        {
            return new OutboundRefusedException(
                $"{shown} is link-local, a metadata service or another special address and is never called");
        }

        if (purpose == OutboundPurpose.Trial || (purpose == OutboundPurpose.Configured && services().IsAddress(host, port))
            || IsNamedWithPort(purpose, host, port))
        {
            return null;
        }

        var isFetch = IsFetch(purpose);
        var listIt = $"add {host}:{port} to {(isFetch ? Fetching : Calling)}";
        if (machine.IsListener(address, port))
            return Refuse(isFetch, $"{shown}, port {port}, is this server itself, which jobs may not call: {listIt} to allow it");
        if (kind != AddressKind.Public || isFetch)
        {
            if (purpose != OutboundPurpose.FetchFromInstance && await IsServiceAsync(host, port, address, kind, cancellationToken))
            {
                return Refuse(isFetch, isFetch
                    ? $"{shown}, port {port}, is a configured service, and items are not fetched from services: {listIt} to allow it"
                    : $"{shown}, port {port}, is the address of another configured service, "
                        + $"which has its own routes here: {listIt} to allow it");
            }
        }

        if (IsListed(purpose, host, port) || IsInListedNetwork(purpose, address)) return null;
        if (purpose == OutboundPurpose.FetchFromInstance && kind == AddressKind.Local
            && await IsServiceAsync(host, port, address, kind, cancellationToken))
        {
            return Refuse(
                isFetch, $"{shown}, port {port}, is a configured service, and items are not fetched from services: {listIt} to allow it");
        }

        if (isFetch && ThisMachine.HasAddress(address))
            return Refuse(isFetch, $"{shown} is an address of this machine, and items are not fetched from it: {listIt} to allow it");
        return kind switch
        {
            AddressKind.Local when !options.TrustLan => new OutboundRefusedException(
                $"{shown} is a private address: add it to {(isFetch ? Fetching : Calling)}, "
                + $"or set {SecurityOptions.TrustLanSetting}=true to allow all private addresses",
                SecurityOptions.TrustLanSetting),
            AddressKind.Public when options.StrictUpstreams => new OutboundRefusedException(
                $"{shown} is not a listed address and {SecurityOptions.StrictUpstreamsSetting} is on: "
                + $"add it to {(isFetch ? Fetching : Calling)}",
                isFetch ? Fetching : Calling),
            _ => null,
        };
    }

    private static bool IsFetch(OutboundPurpose purpose) => purpose is OutboundPurpose.Fetch or OutboundPurpose.FetchFromInstance;

    private static OutboundRefusedException Refuse(bool isFetch, string message) => new(message, isFetch ? Fetching : Calling);

    /// <summary>The list for a purpose. Without a list for fetching, the list for calling applies.</summary>
    private IReadOnlyList<UpstreamRule> Rules(OutboundPurpose purpose) => !IsFetch(purpose)
        ? options.AllowedUpstreams
        : options.AllowedFetchHosts ?? options.AllowedUpstreams;

    private bool IsListed(OutboundPurpose purpose, string host, int port) => Rules(purpose).Any(rule => rule.AllowsHost(host, port));

    private bool IsInListedNetwork(OutboundPurpose purpose, IPAddress address) => Rules(purpose).Any(rule => rule.AllowsAddress(address));

    /// <summary>True when the operator listed exactly this host and port for this purpose; that overrides all other rules.</summary>
    private bool IsNamedWithPort(OutboundPurpose purpose, string host, int port)
    {
        var rules = IsFetch(purpose) ? options.AllowedFetchHosts : options.AllowedUpstreams;
        return rules is not null && rules.Any(rule => rule.NamesPort(host, port));
    }

    /// <summary>
    /// True for the address of a configured service under any name. Public addresses may be shared, so they match only by name.
    /// </summary>
    private async ValueTask<bool> IsServiceAsync(
        string host, int port, IPAddress address, AddressKind kind, CancellationToken cancellationToken)
    {
        foreach (var service in services().Addresses)
        {
            if (service.Port != port) continue;
            var name = HostNames.Of(service);
            if (name == host) return true;
            if (kind != AddressKind.Public && await AddressesAsync(name, cancellationToken) is var own
                && own.Any(one => IsSame(one, address)))
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<IPAddress[]> AddressesAsync(string name, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(name, out var literal)) return [literal];
        try
        {
            return await resolver.ResolveAsync(name, cancellationToken);
        }
        catch (SocketException)
        {
            return []; // A service whose name does not resolve cannot be reached under another name either.
        }
    }

    private static bool IsSame(IPAddress one, IPAddress other) =>
        AddressRanges.Unmap(one).Equals(AddressRanges.Unmap(other)) || (ThisMachine.HasAddress(one) && ThisMachine.HasAddress(other));
}
