using System.Net;

namespace StashAI.Server.Security;

/// <summary>Says who a key or a ticket stands for, and who may come without one (C-24).</summary>
internal sealed partial class AccessControl(
    SecurityOptions options, ApiKeyRing ring, Tickets tickets, AuthThrottle throttle, ILogger<AccessControl> logger)
{
    /// <summary>True while nothing from this address is looked at, after too many wrong keys.</summary>
    public bool IsShut(IPAddress? address) => throttle.IsShut(address);

    /// <summary>The caller of a key or ticket; null for a wrong one, which is counted.</summary>
    public async ValueTask<Caller?> FindAsync(string credential, IPAddress? address, CancellationToken cancellationToken)
    {
        var caller = Tickets.IsTicket(credential)
            ? await RedeemAsync(credential, address, cancellationToken)
            : await ring.FindAsync(credential, cancellationToken) is { } key ? Caller.Of(key) : null;
        if (caller is not null) return caller;
        throttle.Fail(address);
        LogWrong(address?.ToString() ?? "this machine");
        return null;
    }

    /// <summary>Who somebody without a key is; null where a key is needed.</summary>
    public async ValueTask<Caller?> FindAnonymousAsync(IPAddress? address, CancellationToken cancellationToken)
    {
        var isLocal = address is null || IPAddress.IsLoopback(AddressRanges.Unmap(address));
        if (isLocal && !await ring.HasKeysAsync(cancellationToken)) return Caller.Owner;
        return options.AllowAnonymous == AnonymousAccess.Lan ? Caller.Guest : null;
    }

    /// <summary>True while the server has any key.</summary>
    public ValueTask<bool> HasKeysAsync(CancellationToken cancellationToken) => ring.HasKeysAsync(cancellationToken);

    /// <summary>True while the key that let somebody in holds.</summary>
    public async ValueTask<bool> HoldsAsync(Caller caller, CancellationToken cancellationToken) =>
        caller.KeyPrefix is not { } prefix || await ring.HoldsAsync(prefix, cancellationToken);

    /// <summary>
    /// A ticket stands for its key as this gateway knows it; one of somebody without a key for what such a one is here, which another gateway's settings
    /// do not decide.
    /// </summary>
    private async ValueTask<Caller?> RedeemAsync(string ticket, IPAddress? address, CancellationToken cancellationToken)
    {
        var (isFound, key) = await tickets.RedeemAsync(ticket, cancellationToken);
        if (!isFound) return null;
        return key is null ? await FindAnonymousAsync(address, cancellationToken) : Caller.Of(key);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A wrong API key or ticket from {Address} was refused")]
    private partial void LogWrong(string address);
}
