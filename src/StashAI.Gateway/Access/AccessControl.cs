using StashAI.Gateway.Settings;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Access;

/// <summary>Decides who a caller is by its key or ticket, and who may call without one (C-24).</summary>
internal sealed partial class AccessControl(
    SecurityOptions options, ApiKeyRing ring, Tickets tickets, AuthThrottle throttle, ILogger<AccessControl> logger)
{
    /// <summary>
    /// Checks keys, and tickets where the route accepts them. A valid one is never refused, whatever came from its address before. Invalid
    /// ones are counted, and after too many of them the address must wait.
    /// </summary>
    public async ValueTask<Judgement> JudgeAsync(
        IReadOnlyList<string> credentials, bool takesTickets, ClientAddress client, CancellationToken cancellationToken) =>
        await FindAsync(credentials, takesTickets, client, cancellationToken) is { } caller
            ? new Judgement(caller, IsTooMany: false)
            : await RefuseAsync(credentials, client, cancellationToken);

    /// <summary>The caller of the first valid key or ticket; null when none is valid, which is not counted.</summary>
    public async ValueTask<Caller?> FindAsync(
        IReadOnlyList<string> credentials, bool takesTickets, ClientAddress client, CancellationToken cancellationToken)
    {
        foreach (var text in credentials)
        {
            if (await ring.FindAsync(text, cancellationToken) is { } key) return Caller.Of(key);
        }

        foreach (var ticket in takesTickets ? credentials.Where(ApiKeyText.IsTicket) : [])
        {
            if (await RedeemAsync(ticket, client, cancellationToken) is { } caller) return caller;
        }

        return null;
    }

    /// <summary>Counts and logs keys and tickets of which none is valid.</summary>
    public async ValueTask<Judgement> RefuseAsync(
        IReadOnlyList<string> credentials, ClientAddress client, CancellationToken cancellationToken)
    {
        foreach (var text in credentials)
        {
            // Whoever has an expired key guesses nothing.
            if (await ring.FindExpiryAsync(text, cancellationToken) is not { } expiry) continue;
            LogExpired(client.ToString());
            return new Judgement(null, IsTooMany: false) { ExpiredAt = expiry };
        }

        var isTooMany = throttle.Fail(client);
        LogWrong(client.ToString());
        return new Judgement(null, isTooMany);
    }

    /// <summary>The caller of a login's key; null when the key was revoked or has expired.</summary>
    public async ValueTask<Caller?> FindLoginAsync(string key, CancellationToken cancellationToken) =>
        await ring.FindAsync(key, cancellationToken) is { } found ? Caller.Of(found) with { IsLogin = true } : null;

    /// <summary>The caller without a key; null when a key is needed.</summary>
    public async ValueTask<Caller?> FindAnonymousAsync(ClientAddress client, CancellationToken cancellationToken)
    {
        if (client.IsThisMachine && !await ring.HasKeysAsync(cancellationToken)) return Caller.Owner;
        return options.AllowAnonymous == AnonymousAccess.Lan ? Caller.Guest : null;
    }

    /// <summary>True while the server has any key.</summary>
    public ValueTask<bool> HasKeysAsync(CancellationToken cancellationToken) => ring.HasKeysAsync(cancellationToken);

    /// <summary>True while the caller's key is valid.</summary>
    public async ValueTask<bool> HoldsAsync(Caller caller, CancellationToken cancellationToken) =>
        caller.KeyPrefix is not { } prefix || await ring.HoldsAsync(prefix, cancellationToken);

    /// <summary>
    /// Redeems a ticket for the caller of its key, as known to this gateway. A ticket without a key gives the rights of an anonymous caller
    /// here, whatever the settings of the gateway that issued it.
    /// </summary>
    private async ValueTask<Caller?> RedeemAsync(string ticket, ClientAddress client, CancellationToken cancellationToken)
    {
        var (isFound, key) = await tickets.RedeemAsync(ticket, cancellationToken);
        if (!isFound) return null;
        return key is null ? await FindAnonymousAsync(client, cancellationToken) : Caller.Of(key);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused an expired API key from {Address}")]
    private partial void LogExpired(string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a wrong API key or ticket from {Address}")]
    private partial void LogWrong(string address);
}
