using StashAI.Gateway.Access;
using StashAI.Gateway.Live.Reads;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Live.Connections;

/// <summary>Who a live client is: known from its request, or from its first message, and only for as long as its key holds.</summary>
internal sealed class LiveGate(HttpContext context, LiveServices live)
{
    /// <summary>Null until it has shown a key, where one is needed.</summary>
    public Caller? Caller { get; private set; } = context.Features.Get<Caller>();

    private AccessControl Access => context.RequestServices.GetRequiredService<AccessControl>();

    /// <summary>Judges the token of an `auth` message; null when it is let in, or what is wrong.</summary>
    public async Task<string?> AuthenticateAsync(string token, CancellationToken cancellationToken)
    {
        var judgement = await LiveReadException.GuardAsync(Access.JudgeAsync([token], takesTickets: true, context.ClientAddress(), cancellationToken).AsTask());
        if (judgement.IsTooMany) return "Too many wrong API keys came from this address; wait two minutes.";
        if (judgement.Caller is not { } caller) return "This API key or ticket is wrong, was revoked, or is used up.";
        Caller = caller;
        return null;
    }

    /// <summary>Returns once the client's key holds no longer.</summary>
    public async Task RevokedAsync(CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(live.Limits.KeyCheck, live.Clock, cancellationToken);
        }
        while (Caller?.KeyPrefix is null || await Access.HoldsAsync(Caller, cancellationToken));
    }
}
