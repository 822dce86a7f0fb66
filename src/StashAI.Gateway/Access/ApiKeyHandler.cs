using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Net.Http.Headers;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Json;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Problems;

namespace StashAI.Gateway.Access;

/// <summary>
/// Lets callers in (C-24): with a key, or without one while there are none and they are on this machine, or where ALLOW_ANONYMOUS=lan. It
/// stands behind the check of Host and Origin, which answers preflights. The framework's own base class would log each refusal.
/// </summary>
internal sealed class ApiKeyHandler(AccessControl access, Logins logins, UntrustedProxies proxies) : IAuthenticationHandler
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
    private bool isForeign;
    private string? wrongDetail;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        this.context = context;
        return Task.CompletedTask;
    }

    /// <summary>Authenticates once per request, because a ticket is used up and a wrong key is counted.</summary>
    public Task<AuthenticateResult> AuthenticateAsync() => result ??= FindCallerAsync();

    /// <summary>401; 429 after too many wrong keys; 403 for a page of another origin that would use a login of this one.</summary>
    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        if (isForeign) return ForeignPage().ExecuteAsync(context);
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
        var credentials = Credentials.In(context.Request, isLive).ToList();
        var login = SessionCookie.Read(context.Request);
        // While there are no keys, one is not held against anybody: clients send placeholders to servers that need none.
        if ((credentials.Count > 0 || login is not null) && await access.HasKeysAsync(context.RequestAborted))
        {
            if (credentials.Count > 0 && await access.FindAsync(credentials, isLive, client, context.RequestAborted) is { } caller)
                return Success(caller);
            // A proxy or a library may have added a key of its own beside the cookie.
            if (login is not null && await FindLoginAsync(login, credentials.Count > 0) is { } found) return found;
            if (credentials.Count > 0) return await RefuseAsync(credentials, isLive, client);
        }

        return await access.FindAnonymousAsync(client, context.RequestAborted) is { } nobody
            ? Success(nobody)
            : AuthenticateResult.NoResult();
    }

    /// <summary>Looks for the caller of a login's cookie; null when the cookie says nothing and the request's other keys decide.</summary>
    private async ValueTask<AuthenticateResult?> FindLoginAsync(string cookie, bool hasOther)
    {
        if (await logins.OpenAsync(cookie, context.RequestAborted) is not { } key) return null;
        if (!SessionCookie.IsAllowed(context))
        {
            isForeign = !hasOther;
            return hasOther ? null : Wrong;
        }

        if (await access.FindLoginAsync(key, context.RequestAborted) is { } caller)
        {
            context.Response.OnStarting(VaryByCookie, context);
            return Success(caller);
        }

        if (hasOther) return null;
        SessionCookie.Remove(context);
        wrongDetail = "This login has ended, because its API key was revoked or has expired: log in with another key.";
        return Wrong;
    }

    private async ValueTask<AuthenticateResult> RefuseAsync(List<string> credentials, bool isLive, ClientAddress client)
    {
        var judgement = await access.RefuseAsync(credentials, client, context.RequestAborted);
        isTooMany = judgement.IsTooMany;
        wrongDetail = credentials.Any(ApiKeyText.IsTicket) && !isLive
            ? "A ticket opens one WebSocket or one event stream, and nothing else: send an API key here."
            : DetailOf(judgement);
        return Wrong;
    }

    private static Task VaryByCookie(object state)
    {
        ((HttpContext)state).Response.Headers.Append(HeaderNames.Vary, HeaderNames.Cookie);
        return Task.CompletedTask;
    }

    /// <summary>Why a key is refused.</summary>
    public static string DetailOf(Judgement judgement) => judgement.ExpiredAt is { } expiry
        ? $"This API key expired at {WireTime.Text(expiry)}. An admin makes another with stashai keys create or POST /api/keys."
        : "This API key or ticket is wrong, was revoked, or is used up. stashai keys list shows the keys that hold.";

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

    /// <summary>What a page of another origin is told.</summary>
    public static Problem ForeignPage() => Problem.Forbidden(
        "A login counts for pages of this server only, and this request comes from elsewhere: send an API key in a header instead.");

    public static Problem TooManyTries() =>
        new(
            "too-many-attempts", StatusCodes.Status429TooManyRequests, "Too many wrong keys",
            "Too many wrong API keys came from this address; wait two minutes.")
        {
            RetryAfterSeconds = 120,
        };
}
