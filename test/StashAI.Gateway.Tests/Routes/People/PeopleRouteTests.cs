using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Tests.Access;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Routes.People;

/// <summary>Who calls, which processes live, and the keys.</summary>
public sealed class PeopleRouteTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_audit_log_is_filtered_by_each_of_its_members()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.PostAsync("/api/services/visage/pause", "", 200);
        await gateway.PostAsync("/api/services/visage/resume", "", 200);
        await gateway.PostAsync("/api/queue/pause", "", 200);

        await ExpectAsync("", "pause", "resume", "pause");
        await ExpectAsync("who=local&action=pause", "pause", "pause");
        await ExpectAsync("who=laptop");
        await ExpectAsync("target_kind=service", "resume", "pause");
        await ExpectAsync("target_id=visage&action=resume", "resume");
        await ExpectAsync("target_id=vis");
        await ExpectAsync("after=2020-01-01T00:00:00Z&before=2999-01-01T00:00:00Z&limit=2", "pause", "resume");
        await ExpectAsync("before=2020-01-01T00:00:00Z");
        Assert.Equal("after", (await gateway.GetAsync("/api/audit?after=2020-01-01", 422)).FirstError().Text("field"));

        async Task ExpectAsync(string filter, params string[] actions) => Assert.Equal(
            actions,
            (await gateway.GetAsync($"/api/audit?{filter}")).GetProperty("data").EnumerateArray().Select(one => one.Text("action")));
    }

    [Fact]
    public async Task Everybody_is_told_their_name_and_role_and_what_the_server_can_do()
    {
        var keys = new Dictionary<ApiScope, string>();
        await using var open = await GatewayHost.StartAsync();
        await using var closed = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan", ["API_KEYS"] = "operate:a-key-of-the-settings" },
            prepare: async store =>
            {
                foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
            });

        var local = await open.GetAsync("/api/me");
        Assert.Equal(("local", "admin", "open"), (local.Text("name"), local.Text("role"), local.Text("access")));
        Assert.Equal((await open.GetAsync("/health")).Text("version"), local.Text("version"));
        var features = local.GetProperty("features").EnumerateArray().Select(feature => feature.GetString()).ToList();
        foreach (var feature in (string[])["jobs", "tasks", "bulk", "audit", "keys", "login", "nodes", "rerun", "webhooks"])
            Assert.Contains(feature, features);
        Assert.Equal(!GatewayHost.IsDirect, features.Contains("queue"));
        var guest = await closed.GetAsync("/api/me");
        Assert.Equal(("anonymous", "submit", "open"), (guest.Text("name"), guest.Text("role"), guest.Text("access")));
        foreach (var (scope, key) in keys)
        {
            var me = await MeAsync(closed, key);
            Assert.Equal((scope.ToString(), ApiScopeWords.Of(scope), "key"), (me.Text("name"), me.Text("role"), me.Text("access")));
        }

        Assert.StartsWith("API_KEYS-", (await MeAsync(closed, "a-key-of-the-settings")).Text("name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Living_processes_are_listed_in_pages()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await using var beside = await GatewayHost.StartAsync(beside: gateway);

        var all = await gateway.GetAsync("/api/nodes");
        var first = await gateway.GetAsync("/api/nodes?limit=1");
        var second = await gateway.GetAsync($"/api/nodes?limit=1&cursor={first.Text("next")}");

        Assert.Equal((2, true), (all.Whole("total"), all.GetProperty("total_is_exact").GetBoolean()));
        var node = first.GetProperty("data")[0];
        Assert.Equal(Environment.ProcessId, node.Whole("process_id"));
        Assert.Equal(Environment.MachineName, node.Text("host"));
        Assert.Equal(("serve", "1.2.3"), (node.Text("role"), node.Text("version")));
        Assert.True(Time(node, "lease_until") > Time(node, "started_at"));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(
            all.GetProperty("data").EnumerateArray().Select(one => one.Whole("id")),
            [node.Whole("id"), second.GetProperty("data")[0].Whole("id")]);
        await beside.StopAsync();
        Assert.Equal(1, (await gateway.GetAsync("/api/nodes")).Whole("total"));
    }

    [Fact]
    public async Task A_key_is_created_shown_once_listed_used_and_revoked_and_the_log_has_it()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        using var made = await SendAsync(gateway, "POST", "/api/keys", """{"name":"root","role":"admin"}""");
        var admin = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("key");
        Assert.True(made.Headers.CacheControl!.NoStore);

        // From this answer on, everybody needs a key.
        using var nobody = await SendAsync(gateway, "GET", "/api/keys", null);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        using var second = await SendAsync(gateway, "POST", "/api/keys", """{"name":"laptop","role":"submit"}""", admin);
        var created = await second.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var key = created.Text("key");
        Assert.Equal(ApiKeyText.PrefixOf(key), created.Text("id"));
        using var listed = await SendAsync(gateway, "GET", "/api/keys", null, admin);
        var text = await listed.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain(key[17..], text, StringComparison.Ordinal);
        Assert.Equal(["laptop", "root"], Names(text));
        using var page = await SendAsync(gateway, "GET", "/api/keys?limit=1", null, admin);
        var next = (await page.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("next");
        using var rest = await SendAsync(gateway, "GET", $"/api/keys?limit=1&cursor={next}", null, admin);
        Assert.Equal(["root"], Names(await rest.Content.ReadAsStringAsync(Cancellation)));

        using var refused = await SendAsync(gateway, "GET", "/api/keys", null, key);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var revoked = await SendAsync(gateway, "DELETE", $"/api/keys/{created.Text("id")}", null, admin);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var again = await SendAsync(gateway, "DELETE", $"/api/keys/{created.Text("id")}", null, admin);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var gone = await SendAsync(gateway, "GET", "/api/jobs", null, key);
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        // The name stays with the revoked key, whose jobs it owns.
        using var reused = await SendAsync(gateway, "POST", "/api/keys", """{"name":"laptop","role":"submit"}""", admin);
        Assert.Equal(HttpStatusCode.Conflict, reused.StatusCode);
        using var log = await SendAsync(gateway, "GET", "/api/audit", null, admin);
        var entries = (await log.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("data").EnumerateArray();
        Assert.Equal(
            ["root revoke key laptop", "root create key laptop", "local create key root"],
            entries.Select(entry =>
                $"{entry.Text("who")} {entry.Text("action")} {entry.Text("target_kind")} {entry.Text("target_id")}"));
    }

    [Theory]
    [InlineData("""{"role":"read"}""", "name")]
    [InlineData("""{"name":"","role":"read"}""", "name")]
    [InlineData("""{"name":"a\nb","role":"read"}""", "name")]
    [InlineData("""{"name":"anonymous","role":"read"}""", "name")]
    [InlineData("""{"name":"API_KEYS-1a2b3c4d","role":"read"}""", "name")]
    [InlineData("""{"name":"a"}""", "role")]
    [InlineData("""{"name":"a","role":"root"}""", "role")]
    [InlineData("""{"name":"a","role":"read","expires_at":"2001-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"name":"a","role":"read","expires_at":"tomorrow"}""", "expires_at")]
    [InlineData("""{"name":"a","role":"read","until":"2001-01-01T00:00:00Z"}""", "until")]
    public async Task A_key_that_cannot_be_made_is_refused_with_the_field(string body, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();

        using var response = await SendAsync(gateway, "POST", "/api/keys", body);

        Assert.InRange((int)response.StatusCode, 400, 422);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(field, problem.GetProperty("errors")[0].Text("field"));
    }

    [Fact]
    public async Task An_expired_key_is_refused_with_its_expiry_and_a_used_one_has_its_last_use()
    {
        var text = ApiKeyText.Create();
        await using var gateway = await GatewayHost.StartAsync(prepare: async store =>
        {
            var expiry = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
            await store.ApiKeys.AddApiKeyAsync(
                ApiKeyText.PrefixOf(text)!, ApiKeyText.HashOf(text), "old", ApiScope.Admin, expiry, Cancellation);
        });

        using var refused = await SendAsync(gateway, "GET", "/api/jobs", null, text);
        using var nobody = await SendAsync(gateway, "GET", "/api/jobs", null);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains(
            "expired at 2001-02-03T04:05:06.000Z", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        var admin = await AccessTests.AddAsync(gateway.Services.GetRequiredService<IApiKeys>(), ApiScope.Admin);
        while (true)
        {
            using var listed = await SendAsync(gateway, "GET", "/api/keys", null, admin);
            if (listed.StatusCode != HttpStatusCode.OK) continue;
            var keys = (await listed.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("data");
            Assert.Equal("old", keys[1].Text("name"));
            Assert.Equal(JsonValueKind.Null, keys[1].GetProperty("last_used_at").ValueKind);
            if (keys[0].GetProperty("last_used_at").ValueKind == JsonValueKind.String) break;
        }
    }

    private static async Task<JsonElement> MeAsync(GatewayHost gateway, string key)
    {
        using var response = await SendAsync(gateway, "GET", "/api/me", null, key);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static Task<HttpResponseMessage> SendAsync(GatewayHost gateway, string method, string path, string? body, string? key = null) =>
        gateway.SendAsync(new HttpMethod(method), path, body, key is null ? [] : [("X-API-Key", key)]);

    private static IEnumerable<string> Names(string page) =>
        JsonSerializer.Deserialize<JsonElement>(page).GetProperty("data").EnumerateArray().Select(key => key.Text("name"));

    private static DateTimeOffset Time(JsonElement element, string name) =>
        DateTimeOffset.Parse(element.Text(name), CultureInfo.InvariantCulture);
}
