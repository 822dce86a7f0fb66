using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StashAI.Gateway.Access;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Tests.Live;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Access;

/// <summary>A browser keeps a key as a cookie, which pages of this server may use and others may not.</summary>
public sealed class LoginTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What a browser says of the page that sends a request, and whether it is one of this server.</summary>
    public static TheoryData<string, bool, bool> Pages => new()
    {
        // headers, counts for a change, counts for a plain read
        { "Sec-Fetch-Site: same-origin", true, true },
        { "Sec-Fetch-Site: same-origin\nOrigin: http://localhost:5173", true, true }, // a developer's proxy
        { "Sec-Fetch-Site: same-site", false, true },
        { "Sec-Fetch-Site: same-site\nOrigin: http://127.0.0.1:1", false, false },
        { "Sec-Fetch-Site: cross-site", false, true },
        { "Sec-Fetch-Site: cross-site\nOrigin: SELF", false, false },
        { "Sec-Fetch-Site: none", false, true },
        { "Origin: SELF", true, true },
        { "Origin: http://127.0.0.1:1", false, false },
        { "Origin: http://localhost", false, false },
        { "", false, true },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_cookie_counts_for_pages_of_this_server(string page, bool change, bool read)
    {
        var (gateway, key) = await StartAsync();
        await using var closing = gateway;
        var cookie = CookieOf(await LoginAsync(gateway, key));
        (string, string)[] headers = [("Cookie", cookie), .. HeadersOf(gateway, page)];
        var isUntrusted = page.StartsWith("Sec-Fetch-Site: cross", StringComparison.Ordinal);

        using var asked = await gateway.SendAsync(HttpMethod.Get, "/api/me", null, headers);
        Assert.Equal(read ? HttpStatusCode.OK : HttpStatusCode.Forbidden, asked.StatusCode);
        foreach (var (method, path) in ((string, string)[])[
            ("POST", "/api/queue/pause"), ("PATCH", "/api/jobs/x"), ("DELETE", "/api/keys/x"), ("PUT", "/nowhere")])
        {
            using var changed = await gateway.SendAsync(new HttpMethod(method), path, null, headers);
            Assert.Equal((path, !change), (path, changed.StatusCode == HttpStatusCode.Forbidden));
        }

        var isStream = read && (change || page.Length == 0 || page.EndsWith("none", StringComparison.Ordinal));
        Assert.Equal(isStream, await OpensStreamAsync(gateway, headers));
        Assert.Equal(change, await OpensSocketAsync(gateway, headers));
        Assert.False(isUntrusted && isStream);
    }

    [Theory]
    [InlineData("", "", null, "path=/; samesite=strict; httponly")]
    [InlineData("/stash", "", null, "path=/stash; samesite=strict; httponly")]
    [InlineData("", "127.0.0.1", "https", "path=/; secure; samesite=strict; httponly")]
    [InlineData("", "", "https", "path=/; samesite=strict; httponly")]
    public async Task The_cookie_stays_with_this_server_and_does_not_show_the_key(string prefix, string proxies, string? proto, string rest)
    {
        var key = "";
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["BASE_PATH"] = prefix, ["TRUSTED_PROXIES"] = proxies },
            prepare: async store => key = await AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin));
        (string, string)[] proxy = proto is null ? [] : [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", proto)];

        using var response = await LoginAsync(gateway, key, [("Sec-Fetch-Site", "same-origin"), .. proxy]);
        using var left = await gateway.SendAsync(HttpMethod.Post, "/api/logout", null, [("Sec-Fetch-Site", "same-origin"), .. proxy]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var set = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.EndsWith($"; max-age=2592000; {rest}", set, StringComparison.Ordinal);
        foreach (var part in (string[])[key, key[17..], ApiKeyText.PrefixOf(key)!, Convert.ToBase64String(ApiKeyText.HashOf(key))[..20]])
            Assert.DoesNotContain(part, set, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        var gone = Assert.Single(left.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("stashai_login=; expires=Thu, 01 Jan 1970", gone, StringComparison.Ordinal);
        Assert.EndsWith(rest, gone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_says_who_it_is_and_its_cookie_acts_as_the_key()
    {
        GatewayHost.SkipInDirectMode();
        var (gateway, key) = await StartAsync();
        await using var closing = gateway;
        using var response = await LoginAsync(gateway, key);
        var login = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(("Admin", "admin", "login"), (login.Text("name"), login.Text("role"), login.Text("access")));
        (string, string)[] page = [("Cookie", CookieOf(response)), ("Sec-Fetch-Site", "same-origin")];

        using var paused = await gateway.SendAsync(HttpMethod.Post, "/api/queue/pause", null, page);
        using var audit = await gateway.SendAsync(HttpMethod.Get, "/api/audit", null, page);
        using var me = await gateway.SendAsync(HttpMethod.Get, "/api/me", null, page);

        Assert.Equal(HttpStatusCode.OK, paused.StatusCode);
        Assert.Contains("Cookie", me.Headers.Vary);
        var entry = (await audit.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("data")[0];
        Assert.Equal("Admin", entry.Text("who"));
        Assert.Equal("login", (await me.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("access"));
        // A key in a header comes before the cookie.
        using var other = await gateway.SendAsync(HttpMethod.Get, "/api/me", null, [.. page, ("X-API-Key", key)]);
        Assert.Equal("key", (await other.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("access"));
        using var added = await gateway.SendAsync(HttpMethod.Get, "/api/me", null, [.. page, ("Authorization", "Bearer of-a-proxy")]);
        Assert.Equal("login", (await added.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("access"));
    }

    [Fact]
    public async Task A_revoked_key_ends_its_logins_at_every_gateway_and_closes_their_sockets()
    {
        var (gateway, key) = await StartAsync(new LiveLimits { KeyCheck = TimeSpan.FromMilliseconds(100) });
        await using var closing = gateway;
        await using var other = await GatewayHost.StartAsync(beside: gateway);
        var cookie = CookieOf(await LoginAsync(gateway, key));
        (string, string)[] page = [("Cookie", cookie), ("Sec-Fetch-Site", "same-origin")];
        using (var there = await other.SendAsync(HttpMethod.Get, "/api/me", null, page)) Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        using var socket = await LiveClient.ConnectAsync(gateway.Url, configure: options => Set(options, page));

        using var revoked = await gateway.SendAsync(HttpMethod.Delete, $"/api/keys/{ApiKeyText.PrefixOf(key)}", null, page);

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var refused = await gateway.SendAsync(HttpMethod.Get, "/api/me", null, page);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("login has ended", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.StartsWith("stashai_login=; expires", Assert.Single(refused.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await socket.CloseOfAsync());
    }

    [Fact]
    public async Task A_login_with_a_wrong_key_is_refused_and_counted_and_one_of_a_foreign_page_too()
    {
        var (gateway, key) = await StartAsync(settings: new() { ["TRUSTED_PROXIES"] = "127.0.0.1" });
        await using var closing = gateway;
        (string, string)[] elsewhere = [("Sec-Fetch-Site", "same-origin"), ("X-Forwarded-For", "203.0.113.7")];

        for (var i = 0; i < 20; i++)
        {
            using var wrong = await LoginAsync(gateway, $"{key}{i}", elsewhere);
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            Assert.False(wrong.Headers.Contains("Set-Cookie"));
        }

        using var tooMany = await LoginAsync(gateway, $"{key}x", elsewhere);
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
        using var right = await LoginAsync(gateway, key, elsewhere);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        using var foreign = await LoginAsync(gateway, key, [("Origin", "http://127.0.0.1:1")]);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var program = await LoginAsync(gateway, key, []);
        Assert.Equal(HttpStatusCode.Forbidden, program.StatusCode);
    }

    [Fact]
    public async Task Without_keys_there_is_nothing_to_log_in_to_and_an_unreadable_cookie_is_none()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var response = await LoginAsync(gateway, "whatever");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("open", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("access"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        await using var guests = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan" }, prepare: store => AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin));
        foreach (var value in (string[])["x", "", "%00", new string('A', 5000), Convert.ToBase64String(new byte[64])])
        {
            using var asked = await guests.SendAsync(HttpMethod.Get, "/api/me", null, ("Cookie", $"stashai_login={value}"));
            Assert.Equal("anonymous", (await asked.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("name"));
        }
    }

    [Fact]
    public async Task A_login_lasts_for_thirty_days_and_no_changed_one_is_taken()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var clock = new FakeTimeProvider();
        var logins = new Logins(gateway.Services.GetRequiredService<ISigningKeys>(), clock);
        var value = await logins.SealAsync("the key", Cancellation);

        Assert.Equal("the key", await logins.OpenAsync(value, Cancellation));
        Assert.NotEqual(value, await logins.SealAsync("the key", Cancellation));
        for (var i = 0; i < value.Length - 1; i++)
        {
            var changed = value[..i] + (value[i] == 'A' ? 'B' : 'A') + value[(i + 1)..];
            Assert.Null(await logins.OpenAsync(changed, Cancellation));
            Assert.Null(await logins.OpenAsync(value[..i], Cancellation));
        }

        clock.Advance(Logins.Lifetime);
        Assert.Null(await logins.OpenAsync(value, Cancellation));
    }

    private static async Task<(GatewayHost Gateway, string Key)> StartAsync(
        LiveLimits? limits = null, Dictionary<string, string?>? settings = null)
    {
        var key = "";
        var gateway = await GatewayHost.StartAsync(
            settings,
            prepare: async store =>
            {
                key = await AccessTests.AddAsync(store.ApiKeys, ApiScope.Admin);
                // A server whose last key is revoked is open again.
                await AccessTests.AddAsync(store.ApiKeys, ApiScope.Read);
            },
            configure: builder => builder.Services.AddSingleton(limits ?? new LiveLimits()));
        return (gateway, key);
    }

    private static Task<HttpResponseMessage> LoginAsync(GatewayHost gateway, string key, (string, string)[]? headers = null) =>
        gateway.SendAsync(
            HttpMethod.Post, "/api/login", JsonSerializer.Serialize(new { key }), headers ?? [("Sec-Fetch-Site", "same-origin")]);

    private static string CookieOf(HttpResponseMessage response)
    {
        using (response) return Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];
    }

    private static IEnumerable<(string, string)> HeadersOf(GatewayHost gateway, string page) =>
        page.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": "))
            .Select(parts => (parts[0], parts[1].Replace("SELF", gateway.Url, StringComparison.Ordinal)));

    private static async Task<bool> OpensStreamAsync(GatewayHost gateway, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events?queue_stats=1");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return response.StatusCode == HttpStatusCode.OK;
    }

    private static async Task<bool> OpensSocketAsync(GatewayHost gateway, (string, string)[] headers)
    {
        try
        {
            using var socket = await LiveClient.ConnectAsync(gateway.Url, configure: options => Set(options, headers));
            return true;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    private static void Set(ClientWebSocketOptions options, (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers) options.SetRequestHeader(name, value);
    }
}
