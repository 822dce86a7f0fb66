using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Problems;

namespace StashAI.Gateway.Access;

/// <summary>
/// Lets callers in (C-24): with a key, or without one while there are none and they are on this machine, or where ALLOW_ANONYMOUS=lan. It
/// stands behind the check of Host and Origin, which answers preflights. The framework's own base class would log each refusal.
/// </summary>
internal sealed class ApiKeyHandler(AccessControl access, UntrustedProxies proxies) : IAuthenticationHandler
{
    /// <summary>What a caller without a key is told.</summary>
    public const string NoKey = "This server needs an API key: send it as Authorization: Bearer KEY, or as X-API-Key. "
        + "stashai keys create makes one.";

    /// <summary>The name of the scheme.</summary>
    public const string Scheme = "ApiKey";

    private const string BearerChallenge = "Bearer realm=\"stashai\"";

    private static readonly AuthenticateResult Wrong = AuthenticateResult.Fail("A wrong key or ticket.");

    private HttpContext context = null!;
    private Task<AuthenticateResult>? result;
    private bool isTooMany;
    private string? wrongDetail;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        this.context = context;
        return Task.CompletedTask;
    }

    /// <summary>Authenticates once per request, because a ticket is used up and a wrong key is counted.</summary>
    public Task<AuthenticateResult> AuthenticateAsync() => result ??= FindCallerAsync();

    /// <summary>401, or 429 after too many wrong keys.</summary>
    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        if (isTooMany) return TooManyTries().ExecuteAsync(context);
        context.Response.Headers.WWWAuthenticate = wrongDetail is null ? BearerChallenge : BearerChallenge + ", error=\"invalid_token\"";
        return Unauthorized(wrongDetail ?? NoKey + proxies.Explain(context.ClientAddress())).ExecuteAsync(context);
    }

    /// <summary>403, which names the scope that the route needs.</summary>
    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        var word = ApiScopeWords.Of(RouteScope.Of(context.GetEndpoint(), context.Request.Method)!.Value);
        context.Response.Headers.WWWAuthenticate = $"{BearerChallenge}, error=\"insufficient_scope\", scope=\"{word}\"";
        return InsufficientScope(
            word, CallerIdentity.Of(context.User) is { KeyPrefix: not null } caller ? ApiScopeWords.Of(caller.Scope) : null)
            .ExecuteAsync(context);
    }

    private async Task<AuthenticateResult> FindCallerAsync()
    {
        var endpoint = context.GetEndpoint();
        // Open routes must not wait for the database, and need no key.
        if (RouteScope.Of(endpoint, context.Request.Method) is null) return AuthenticateResult.NoResult();
        var isLive = endpoint?.Metadata.GetMetadata<LiveRoute>() is not null;
        var client = context.ClientAddress();
        // While there are no keys, one is not held against anybody: clients send placeholders to servers that need none.
        if (Credentials.In(context.Request, isLive).ToList() is not { Count: > 0 } credentials
            || !await access.HasKeysAsync(context.RequestAborted))
        {
            return await access.FindAnonymousAsync(client, context.RequestAborted) is { } nobody
                ? Success(nobody)
                : AuthenticateResult.NoResult();
        }

        var judgement = await access.JudgeAsync(credentials, takesTickets: isLive, client, context.RequestAborted);
        if (judgement is { IsTooMany: false, Caller: { } caller }) return Success(caller);
        isTooMany = judgement.IsTooMany;
        wrongDetail = credentials.Any(ApiKeyText.IsTicket) && !isLive
            ? "A ticket opens one WebSocket or one event stream, and nothing else: send an API key here."
            : "This API key or ticket is wrong, was revoked, or is used up. stashai keys list shows the keys that hold.";
        return Wrong;
    }

    private static AuthenticateResult Success(Caller caller) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(caller)), Scheme));

    public static Problem Unauthorized(string detail) =>
        new("unauthorized", StatusCodes.Status401Unauthorized, "An API key is needed", detail);

    /// <param name="needed">The scope that the route takes.</param>
    /// <param name="given">The scope of the key; null without a key.</param>
    public static Problem InsufficientScope(string needed, string? given) => new(
        "insufficient-scope",
        StatusCodes.Status403Forbidden,
        "The key does not allow this",
        given is null
            ? $"This needs an API key of the scope {needed}: without one it is not allowed from here."
            : $"This needs an API key of the scope {needed}, and this one has {given}.");

    public static Problem TooManyTries() =>
        new(
            "too-many-attempts", StatusCodes.Status429TooManyRequests, "Too many wrong keys",
            "Too many wrong API keys came from this address; wait two minutes.")
        {
            RetryAfterSeconds = 120,
        };
}
