using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Clients;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>
/// Lets callers in (C-24): with a key, or without one while there are none and they are on this machine, or where ALLOW_ANONYMOUS=lan. It
/// stands behind the check of Host and Origin, which answers preflights, and leaves a <see cref="Caller"/> among the request's features.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, AccessControl access)
{
    private const string Challenge = "Bearer realm=\"stashai\"";

    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var needed = RouteScopes.Of(endpoint, context.Request.Method);
        var isLive = endpoint?.Metadata.GetMetadata<LiveRoute>() is not null;
        var client = context.ClientAddress();
        Caller? caller;
        if (Credentials.In(context.Request, isLive).ToList() is { Count: > 0 } credentials && await IsJudgedAsync(needed, context.RequestAborted))
        {
            var judgement = await access.JudgeAsync(credentials, takesTickets: isLive, client, context.RequestAborted);
            if (judgement.IsTooMany)
            {
                await TooManyTries().ExecuteAsync(context);
                return;
            }

            caller = judgement.Caller;
            if (caller is null)
            {
                await RefuseAsync(context, Challenge + ", error=\"invalid_token\"", Wrong(credentials, isLive));
                return;
            }
        }
        else
        {
            // What everybody may see must not wait for the database.
            caller = needed is null ? null : await access.FindAnonymousAsync(client, context.RequestAborted);
        }

        if (needed is { } scope && !await IsEnoughAsync(context, caller, scope, isLive)) return;
        if (caller is not null) context.Features.Set(caller);
        await next(context);
    }

    private static string Wrong(IReadOnlyList<string> credentials, bool isLive) => credentials.Any(ApiKeyText.IsTicket) && !isLive
        ? "A ticket opens one WebSocket or one event stream, and nothing else: send an API key here."
        : "This API key or ticket is wrong, was revoked, or is used up. stashai keys list shows the keys that hold.";

    /// <summary>
    /// What nobody asked for is not held against anybody: clients send placeholders to servers that need no key.
    /// </summary>
    private async ValueTask<bool> IsJudgedAsync(ApiScope? needed, CancellationToken cancellationToken) =>
        needed is not null && await access.HasKeysAsync(cancellationToken);

    private static async Task<bool> IsEnoughAsync(HttpContext context, Caller? caller, ApiScope scope, bool isLive)
    {
        // A browser's socket has no headers: it may show its key in its first message.
        if (caller is null && isLive && context.WebSockets.IsWebSocketRequest) return true;
        if (caller is null)
        {
            await RefuseAsync(
                context, Challenge, "This server needs an API key: send it as Authorization: Bearer KEY, or as X-API-Key. stashai keys create makes one.");
            return false;
        }

        if (caller.Scope >= scope) return true;
        var word = ApiScopeWords.Of(scope);
        context.Response.OnStarting(
            Authenticate, (context, $"{Challenge}, error=\"insufficient_scope\", scope=\"{word}\""));
        await new Problem(
            "insufficient-scope",
            StatusCodes.Status403Forbidden,
            "The key does not allow this",
            caller.KeyPrefix is null
                ? $"This needs an API key of the scope {word}: without one it is not allowed from here."
                : $"This needs an API key of the scope {word}, and this one has {ApiScopeWords.Of(caller.Scope)}.").ExecuteAsync(context);
        return false;
    }

    private static Task RefuseAsync(HttpContext context, string challenge, string detail)
    {
        context.Response.OnStarting(Authenticate, (context, challenge));
        return new Problem("unauthorized", StatusCodes.Status401Unauthorized, "An API key is needed", detail).ExecuteAsync(context);
    }

    private static Task Authenticate(object state)
    {
        var (context, challenge) = ((HttpContext, string))state;
        context.Response.Headers.WWWAuthenticate = challenge;
        return Task.CompletedTask;
    }

    private static Problem TooManyTries() =>
        new("too-many-attempts", StatusCodes.Status429TooManyRequests, "Too many wrong keys", "Too many wrong API keys came from this address; wait two minutes.")
        {
            RetryAfterSeconds = 120,
        };
}
