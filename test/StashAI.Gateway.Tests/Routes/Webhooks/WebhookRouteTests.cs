using System.Net;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Tests.Routes.Webhooks;

/// <summary><c>/api/webhooks</c>: create, show, change, rotate and delete, and what is refused.</summary>
public sealed class WebhookRouteTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_is_created_changed_and_deleted_and_its_secret_is_shown_once()
    {
        await using var host = await WebhookHost.StartAsync();
        var created = await host.CreateAsync(more: ""","description":"builds","events":["job.failed","job.completed"]""");
        Assert.Equal(
            ("ci", $"{host.Receiver.Url}/hook", "builds", true),
            (created.Text("name"), created.Text("url"), created.Text("description"), created.GetProperty("is_enabled").GetBoolean()));
        Assert.Equal(["job.completed", "job.failed"], created.GetProperty("events").EnumerateArray().Select(one => one.GetString()));
        var secret = created.Text("secret");
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);

        var texts = new[]
        {
            (await host.Gateway.GetAsync("/api/webhooks")).GetRawText(),
            (await host.Gateway.GetAsync($"/api/webhooks/{created.Text("id")}")).GetRawText(),
            (await host.SendAsync(HttpMethod.Patch, "/api/webhooks/ci", """{"is_enabled":false,"description":null}""", 200)).GetRawText(),
            (await host.Gateway.GetAsync("/api/audit")).GetRawText(),
        };
        Assert.All(texts, text => Assert.DoesNotContain("whsec_", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain(secret[6..20], text, StringComparison.Ordinal));

        var changed = await host.SendAsync(HttpMethod.Patch, "/api/webhooks/ci", """{"name":"cd","events":[],"is_enabled":true}""", 200);
        Assert.Equal(("cd", 0), (changed.Text("name"), changed.GetProperty("events").GetArrayLength()));
        Assert.True(changed.IsNull("description"));
        await host.SendAsync(HttpMethod.Delete, "/api/webhooks/cd", null, 204);
        await host.Gateway.GetAsync("/api/webhooks/cd", 404);
        Assert.Equal(
            ["delete", "change", "change", "create"],
            (await host.Gateway.GetAsync("/api/audit")).GetProperty("data").EnumerateArray().Select(entry => entry.Text("action")));
    }

    [Theory]
    [InlineData("{}", 400, "name")]
    [InlineData("""{"name":"a"}""", 400, "url")]
    [InlineData("""{"name":"a/b","url":"https://93.184.216.34/"}""", 422, "name")]
    [InlineData("""{"name":"jobs","url":"https://93.184.216.34/"}""", 422, "name")]
    [InlineData("""{"name":"a","url":"ftp://93.184.216.34/"}""", 422, "url")]
    [InlineData("""{"name":"a","url":"nonsense"}""", 422, "url")]
    [InlineData("""{"name":"a","url":"https://93.184.216.34/#x"}""", 422, "url")]
    [InlineData("""{"name":"a","url":"https://user:pass@93.184.216.34/"}""", 422, "url")]
    [InlineData("""{"name":"a","url":"http://10.0.0.1/"}""", 422, "url")]
    [InlineData("""{"name":"a","url":"http://169.254.169.254/"}""", 422, "url")]
    [InlineData("""{"name":"a","url":"https://93.184.216.34/","events":["job.done"]}""", 422, "events")]
    [InlineData("""{"name":"a","url":"https://93.184.216.34/","events":"job.failed"}""", 422, "events")]
    [InlineData("""{"name":"a","url":"https://93.184.216.34/","events":[7]}""", 422, "events")]
    [InlineData("""{"name":"a","url":"https://93.184.216.34/","secret":"whsec_c2hvcnQ="}""", 422, "secret")]
    [InlineData("""{"name":"a","url":"https://93.184.216.34/","secret":"nonsense"}""", 422, "secret")]
    [InlineData("""{"name":"a","url":"https://93.184.216.34/","enabled":true}""", 422, "enabled")]
    [InlineData("""{"name":"a","url":"https://93.184.216.34/","is_enabled":"maybe"}""", 422, "is_enabled")]
    public async Task What_is_not_valid_is_refused_by_the_name_of_its_field(string body, int status, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal(field, (await gateway.PostAsync("/api/webhooks", body, status)).FirstError().Text("field"));
    }

    [Theory]
    [InlineData("{}", 400, "body")]
    [InlineData("""{"name":null}""", 422, "name")]
    [InlineData("""{"url":null}""", 422, "url")]
    [InlineData("""{"secret":"x"}""", 422, "secret")]
    [InlineData("""{"url":"http://10.0.0.1/"}""", 422, "url")]
    public async Task A_change_that_is_not_valid_changes_nothing(string body, int status, string field)
    {
        await using var host = await WebhookHost.StartAsync();
        await host.CreateAsync();
        var before = (await host.Gateway.GetAsync("/api/webhooks/ci")).GetRawText();

        Assert.Equal(field, (await host.SendAsync(HttpMethod.Patch, "/api/webhooks/ci", body, status)).FirstError().Text("field"));

        Assert.Equal(before, (await host.Gateway.GetAsync("/api/webhooks/ci")).GetRawText());
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await using var host = await WebhookHost.StartAsync();
        await host.CreateAsync();
        await host.CreateAsync("other");

        await host.Gateway.PostAsync("/api/webhooks", $$"""{"name":"ci","url":"{{host.Receiver.Url}}"}""", 409);
        await host.SendAsync(HttpMethod.Patch, "/api/webhooks/other", """{"name":"ci"}""", 409);
    }

    [Fact]
    public async Task A_client_may_bring_its_own_secret_and_rotate_it()
    {
        await using var host = await WebhookHost.StartAsync();
        var own = "whsec_" + Convert.ToBase64String(new byte[24]);
        var created = await host.CreateAsync(more: $$""","secret":"{{own}}" """);
        Assert.Equal(own, created.Text("secret"));

        var rotated = await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/rotate", """{"keep_seconds":3600}""", 200);

        Assert.NotEqual(own, rotated.Text("secret"));
        Assert.False(rotated.IsNull("old_secret_until"));
        await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/test", null, 202);
        await host.SettledAsync(state: "delivered");
        WebhookHost.Verify(host.Receiver.Ledger.Calls[^1].Call!, rotated.Text("secret"), own);

        var last = await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/rotate", """{"keep_seconds":0}""", 200);
        Assert.True(last.IsNull("old_secret_until"));
        await host.SendAsync(HttpMethod.Post, "/api/webhooks/ci/test", null, 202);
        await host.SettledAsync(state: "delivered");
        WebhookHost.Verify(host.Receiver.Ledger.Calls[^1].Call!, last.Text("secret"));
    }

    [Fact]
    public async Task Only_admins_see_and_change_webhooks_and_each_submitter_has_secrets_of_its_own()
    {
        await using var host = await WebhookHost.StartAsync(new()
        {
            ["API_KEYS"] = "admin:sk-admin-0123456789abcdef,submit:sk-one-0123456789abcdef,submit:sk-two-0123456789abcdef,"
                + "operate:sk-operate-0123456789abcdef",
        });
        async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpMethod method, string path, string key, string? body = null)
        {
            using var response = await host.Gateway.SendAsync(method, path, body, ("Authorization", $"Bearer {key}"));
            return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        }

        var url = $$"""{"url":"{{host.Receiver.Url}}/mine"}""";
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(HttpMethod.Get, "/api/webhooks", "sk-operate-0123456789abcdef")).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden, (await AskAsync(HttpMethod.Get, "/api/webhooks/jobs/deliveries", "sk-one-0123456789abcdef")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(HttpMethod.Get, "/api/webhooks", "sk-admin-0123456789abcdef")).Status);
        var one = await AskAsync(HttpMethod.Post, "/api/webhooks/secret", "sk-one-0123456789abcdef", url);
        Assert.Equal(HttpStatusCode.OK, one.Status);
        Assert.Equal(one.Text, (await AskAsync(HttpMethod.Post, "/api/webhooks/secret", "sk-one-0123456789abcdef", url)).Text);
        Assert.NotEqual(one.Text, (await AskAsync(HttpMethod.Post, "/api/webhooks/secret", "sk-two-0123456789abcdef", url)).Text);
    }
}
