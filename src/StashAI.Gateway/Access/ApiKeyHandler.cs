using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Access;

/// <summary>
/// Authenticates callers (C-24): by a key, or without one if there are no keys and the caller is on this machine, or if
/// ALLOW_ANONYMOUS=lan. It runs after the check of Host and Origin, which answers preflights. The framework's base class would log each
/// refusal.
/// </summary>
internal sealed class ApiKeyHandler(AccessControl access) : IAuthenticationHandler
{
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
    public Task<AuthenticateResult> AuthenticateAsync() => result ??= JudgeAsync();

    /// <summary>401, or 429 after too many wrong keys.</summary>
    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        if (isTooMany) return TooManyTries().ExecuteAsync(context);
        context.Response.Headers.WWWAuthenticate = wrongDetail is null ? BearerChallenge : BearerChallenge + ", error=\"invalid_token\"";
        return new Problem(
            "unauthorized",
            StatusCodes.Status401Unauthorized,
            "An API key is needed",
            wrongDetail ?? "This server needs an API key: send it as Authorization: Bearer KEY, or as X-API-Key. stashai keys create makes one.")
            .ExecuteAsync(context);
    }

    /// <summary>403, which names the scope that the route needs.</summary>
    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        var word = ApiScopeWords.Of(RouteScope.Of(context.GetEndpoint(), context.Request.Method)!.Value);
        context.Response.Headers.WWWAuthenticate = $"{BearerChallenge}, error=\"insufficient_scope\", scope=\"{word}\"";
        return new Problem(
            "insufficient-scope",
            StatusCodes.Status403Forbidden,
            "The key does not allow this",
            CallerIdentity.Of(context.User) is { KeyPrefix: not null } caller
                ? $"This needs an API key of the scope {word}, and this one has {ApiScopeWords.Of(caller.Scope)}."
                : $"This needs an API key of the scope {word}: without one it is not allowed from here.").ExecuteAsync(context);
    }

    private async Task<AuthenticateResult> JudgeAsync()
    {
        var endpoint = context.GetEndpoint();
        // Open routes must not wait for the database, and need no key.
        if (RouteScope.Of(endpoint, context.Request.Method) is null) return AuthenticateResult.NoResult();
        var isLive = endpoint?.Metadata.GetMetadata<LiveRoute>() is not null;
        var client = context.ClientAddress();
        // While there are no keys, a wrong key is not refused: clients send placeholders to servers that need none.
        if (Credentials.In(context.Request, isLive).ToList() is not { Count: > 0 } credentials || !await access.HasKeysAsync(context.RequestAborted))
            return await access.FindAnonymousAsync(client, context.RequestAborted) is { } nobody ? Success(nobody) : AuthenticateResult.NoResult();
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

    private static Problem TooManyTries() =>
        new("too-many-attempts", StatusCodes.Status429TooManyRequests, "Too many wrong keys", "Too many wrong API keys came from this address; wait two minutes.")
        {
            RetryAfterSeconds = 120,
        };
}
