using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Access;

/// <summary>Who is let in over HTTP, and what for (C-24).</summary>
public sealed class AccessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_soon_as_there_is_a_key_everybody_needs_one_save_for_health()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.GetAsync("/api/queue/jobs");

        var key = await AddAsync(gateway.Services.GetRequiredService<IApiKeys>(), ApiScope.Read);

        HttpResponseMessage? refusal = null;
        while (refusal is not { StatusCode: HttpStatusCode.Unauthorized })
        {
            refusal = await gateway.Http.GetAsync("/api/queue/jobs", Cancellation);
        }

        Assert.Equal("application/problem+json", refusal.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""Bearer realm="stashai" """.TrimEnd(), refusal.Headers.WwwAuthenticate.ToString());
        await gateway.GetAsync("/health");
        await gateway.GetAsync("/");
        Assert.Equal(200, await StatusAsync(gateway, "GET", "/api/queue/jobs", key));
    }

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer {0}")]
    [InlineData("X-API-Key", "{0}")]
    [InlineData("x-api-key", "{0}")]
    [InlineData("x-ai-api-key", "{0}")]
    public async Task A_key_may_come_in_each_of_the_headers(string header, string form)
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(prepare: async store => key = await AddAsync(store.ApiKeys, ApiScope.Read));

        foreach (var (shown, status) in ((string, int)[])[(key, 200), (key[..^1], 401), (key + "x", 401), ("nonsense", 401),
            (key[..16], 401)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/queue/jobs");
            Assert.True(request.Headers.TryAddWithoutValidation(header, string.Format(null, form, shown)));
            using var response = await gateway.Http.SendAsync(request, Cancellation);
            Assert.Equal(status, (int)response.StatusCode);
            if (status == 401) Assert.Contains("invalid_token", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/api/queue/jobs", 200, 200, 200)]
    [InlineData("GET", "/api/queue/status/x", 404, 404, 404)]
    [InlineData("POST", "/api/queue/cancel/x", 403, 404, 404)]
    [InlineData("POST", "/api/visage/job", 403, 400, 400)]
    [InlineData("POST", "/api/ws/ticket", 201, 201, 201)]
    [InlineData("DELETE", "/api/queue/jobs", 403, 405, 405)]
    [InlineData("GET", "/nowhere", 404, 404, 404)]
    public async Task A_scope_allows_its_own_and_what_is_below(string method, string path, int read, int submit, int admin)
    {
        var keys = new Dictionary<ApiScope, string>();
        await using var gateway = await GatewayHost.StartAsync(prepare: async store =>
        {
            foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope] = await AddAsync(store.ApiKeys, scope);
        });

        Assert.Equal(401, await StatusAsync(gateway, method, path, null));
        Assert.Equal(read, await StatusAsync(gateway, method, path, keys[ApiScope.Read]));
        Assert.Equal(submit, await StatusAsync(gateway, method, path, keys[ApiScope.Submit]));
        Assert.Equal(admin, await StatusAsync(gateway, method, path, keys[ApiScope.Admin]));
    }

    [Fact]
    public async Task A_key_that_is_not_enough_is_told_what_would_be()
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(prepare: async store => key = await AddAsync(store.ApiKeys, ApiScope.Read));
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "/api/queue/cancel/x") { Headers = { Authorization = new("Bearer", key) } };

        using var response = await gateway.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("scope=\"submit\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "the scope submit, and this one has read", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_is_worth_nothing()
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(prepare: async store =>
        {
            key = await AddAsync(store.ApiKeys, ApiScope.Read);
            await AddAsync(store.ApiKeys, ApiScope.Admin);
        });
        Assert.Equal(200, await StatusAsync(gateway, "GET", "/api/queue/jobs", key));

        await gateway.Services.GetRequiredService<IApiKeys>().RevokeApiKeyAsync(ApiKeyText.PrefixOf(key)!, Cancellation);

        while (await StatusAsync(gateway, "GET", "/api/queue/jobs", key) != 401)
        {
        }
    }

    [Fact]
    public async Task Where_everybody_is_let_in_a_wrong_key_is_still_wrong_and_nobody_is_an_operator()
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan" }, prepare: async store => key = await AddAsync(store.ApiKeys, ApiScope.Admin));

        Assert.Equal(200, await StatusAsync(gateway, "GET", "/api/queue/jobs", null));
        Assert.Equal(404, await StatusAsync(gateway, "POST", "/api/queue/cancel/x", null));
        Assert.Equal(401, await StatusAsync(gateway, "GET", "/api/queue/jobs", key + "x"));
        Assert.Equal(ApiScope.Submit, Caller.Guest.Scope);
    }

    [Fact]
    public async Task Without_keys_a_placeholder_does_no_harm()
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal(200, await StatusAsync(gateway, "GET", "/api/queue/jobs", "none"));
    }

    [Fact]
    public async Task Keys_of_the_environment_hold_too()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["API_KEYS"] = "read:a-key-that-only-reads, a-key-that-may-submit" });

        Assert.Equal(401, await StatusAsync(gateway, "GET", "/api/queue/jobs", null));
        Assert.Equal(200, await StatusAsync(gateway, "GET", "/api/queue/jobs", "a-key-that-only-reads"));
        Assert.Equal(403, await StatusAsync(gateway, "POST", "/api/queue/cancel/x", "a-key-that-only-reads"));
        Assert.Equal(404, await StatusAsync(gateway, "POST", "/api/queue/cancel/x", "a-key-that-may-submit"));
    }

    [Fact]
    public async Task A_preflight_needs_no_key_and_a_refusal_can_be_read_by_the_page()
    {
        await using var gateway = await GatewayHost.StartAsync(prepare: store => AddAsync(store.ApiKeys, ApiScope.Read));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/visage/job")
        {
            Headers = { { "Origin", "http://localhost:9999" }, { "Access-Control-Request-Method", "POST" } },
        };
        using var request =
            new HttpRequestMessage(HttpMethod.Get, "/api/queue/jobs") { Headers = { { "Origin", "http://localhost:9999" } } };

        using var allowed = await gateway.Http.SendAsync(preflight, Cancellation);
        using var refused = await gateway.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Contains("x-api-key", string.Join(',', allowed.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(["http://localhost:9999"], refused.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    internal static async Task<string> AddAsync(IApiKeys store, ApiScope scope)
    {
        var key = ApiKeyText.Create();
        Assert.True(await store.AddApiKeyAsync(ApiKeyText.PrefixOf(key)!, ApiKeyText.HashOf(key), $"{scope}", scope, Cancellation));
        return key;
    }

    private static async Task<int> StatusAsync(GatewayHost gateway, string method, string path, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await gateway.Http.SendAsync(request, Cancellation);
        return (int)response.StatusCode;
    }
}
