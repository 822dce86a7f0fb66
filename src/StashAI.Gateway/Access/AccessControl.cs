using StashAI.Gateway.Settings;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Access;

/// <summary>Says who a key or a ticket stands for, and who may come without one (C-24).</summary>
internal sealed partial class AccessControl(
    SecurityOptions options, ApiKeyRing ring, Tickets tickets, AuthThrottle throttle, ILogger<AccessControl> logger)
{
    /// <summary>
    /// Judges keys, and tickets where one is taken. A right one is never refused, whatever came from its address before; wrong ones are counted, and
    /// after too many of them the address is told to wait.
    /// </summary>
    public async ValueTask<Judgement> JudgeAsync(IReadOnlyList<string> credentials, bool takesTickets, ClientAddress client, CancellationToken cancellationToken)
    {
        foreach (var text in credentials)
        {
            if (await ring.FindAsync(text, cancellationToken) is { } key) return new Judgement(Caller.Of(key), IsTooMany: false);
        }

        foreach (var ticket in takesTickets ? credentials.Where(ApiKeyText.IsTicket) : [])
        {
            if (await RedeemAsync(ticket, client, cancellationToken) is { } caller) return new Judgement(caller, IsTooMany: false);
        }

        var isTooMany = throttle.Fail(client);
        LogWrong(client.ToString());
        return new Judgement(null, isTooMany);
    }

    /// <summary>Who somebody without a key is; null where a key is needed.</summary>
    public async ValueTask<Caller?> FindAnonymousAsync(ClientAddress client, CancellationToken cancellationToken)
    {
        if (client.IsThisMachine && !await ring.HasKeysAsync(cancellationToken)) return Caller.Owner;
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
    private async ValueTask<Caller?> RedeemAsync(string ticket, ClientAddress client, CancellationToken cancellationToken)
    {
        var (isFound, key) = await tickets.RedeemAsync(ticket, cancellationToken);
        if (!isFound) return null;
        return key is null ? await FindAnonymousAsync(client, cancellationToken) : Caller.Of(key);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A wrong API key or ticket from {Address} was refused")]
    private partial void LogWrong(string address);
}
