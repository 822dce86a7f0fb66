using StashAI.Gateway.Access;
using StashAI.Gateway.Live.Reads;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Live.Connections;

/// <summary>
/// Who a live client is: its request or its first message says so, and it stays true until its key is revoked or expires.
/// </summary>
internal sealed class LiveGate(HttpContext context, LiveServices live)
{
    /// <summary>Null until the client has sent a key, where the server needs one.</summary>
    public Caller? Caller { get; private set; } = context.Features.Get<Caller>();

    private AccessControl Access => context.RequestServices.GetRequiredService<AccessControl>();

    /// <summary>Checks the token of an <c>auth</c> message. Returns null when the client is let in, or what is wrong.</summary>
    public async Task<string?> AuthenticateAsync(string token, CancellationToken cancellationToken)
    {
        var judgement = await LiveReadException.GuardAsync(
            Access.JudgeAsync([token], takesTickets: true, context.ClientAddress(), cancellationToken).AsTask());
        if (judgement.IsTooMany) return "Too many wrong API keys came from this address; wait two minutes.";
        if (judgement.Caller is not { } caller) return ApiKeyHandler.DetailOf(judgement);
        Caller = caller;
        return null;
    }

    /// <summary>What a client hears that needs a key and shows none.</summary>
    public string Refuse() =>
        "This server needs an API key: the first message must be {\"type\":\"auth\",\"token\":\"KEY\"}."
        + context.RequestServices.GetRequiredService<UntrustedProxies>().Explain(context.ClientAddress());

    /// <summary>Returns when the client's key is no longer valid.</summary>
    public async Task RevokedAsync(CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(live.Limits.KeyCheck, live.Clock, cancellationToken);
        }
        while (Caller?.KeyPrefix is null || await Access.HoldsAsync(Caller, cancellationToken));
    }
}
