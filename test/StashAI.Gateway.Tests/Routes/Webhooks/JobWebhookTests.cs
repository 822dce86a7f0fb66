using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Sdk;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Webhooks;

/// <summary>What a job may name in <c>config.webhook</c>, and who sees it.</summary>
public sealed class JobWebhookTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_names_an_address_with_a_secret_of_its_own()
    {
        await using var host = await WebhookHost.StartAsync();
        var url = $"{host.Receiver.Url}/mine?x=1";
        var secret = (await host.Gateway.PostAsync("/api/webhooks/secret", $$"""{"url":"{{url}}"}""", 200)).Text("secret");
        await host.Gateway.PostAsync("/api/visage/job", $$"""{"images":["eA=="],"config":{"webhook":"{{url}}"} }""");

        var logged = await host.SettledAsync("jobs", "delivered");

        var call = Assert.Single(host.Receiver.Ledger.Calls).Call!;
        Assert.Equal("/mine?x=1", call.Path);
        Assert.Equal("job.completed", WebhookHost.Verify(call, secret).Text("type"));
        Assert.Equal($"{host.Receiver.Url}/***", logged.Text("url"));
        Assert.DoesNotContain("mine", logged.GetRawText(), StringComparison.Ordinal);
        await host.SendAsync(HttpMethod.Post, $"/api/webhooks/jobs/deliveries/{logged.Text("id")}/replay", null, 202);
        await host.Receiver.Ledger.WaitForCallsAsync(2, Cancellation);
    }

    [Fact]
    public async Task A_redirect_shows_no_address_in_the_log()
    {
        await using var host = await WebhookHost.StartAsync();
        host.Receiver.Script = _ => Reply.Status(307);
        await host.Gateway.PostAsync("/api/visage/job", $$"""{"images":["eA=="],"config":{"webhook":"{{host.Receiver.Url}}/secret"} }""");

        var failed = await host.SettledAsync("jobs");

        Assert.StartsWith($"{host.Receiver.Url}/*** redirects to nowhere", failed.Text("error"), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failed.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/other?x", true, "http://a.example/*** redirects to http://a.example/***:")]
    [InlineData("https://b.example/other", true, "http://a.example/*** redirects to https://b.example/***:")]
    [InlineData("https://b.example/other?x", false, "http://a.example/secret redirects to https://b.example/other:")]
    public async Task A_redirect_names_addresses_only_where_they_are_no_secrets(string location, bool hides, string told)
    {
        using var client = new HttpMessageInvoker(new RedirectRefusingHandler(new Redirecting(location)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://a.example/secret?token");
        if (hides) request.Options.Set(RedirectRefusingHandler.HidesAddress, true);

        var refused = await Assert.ThrowsAsync<OutboundRefusedException>(() => client.SendAsync(request, Cancellation));

        Assert.StartsWith(told, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_names_a_webhook_that_gets_only_such_jobs()
    {
        await using var host = await WebhookHost.StartAsync();
        var created = await host.CreateAsync(more: ""","events":[]""");
        await host.Gateway.EndOfAsync(await host.Gateway.SubmitAsync("a"));
        foreach (var named in new[] { "ci", created.Text("id") })
            await host.Gateway.PostAsync("/api/visage/task", $$"""{"image":"eA==","config":{"webhook":"{{named}}"} }""");
        await host.Receiver.Ledger.WaitForCallsAsync(2, Cancellation);

        Assert.Equal(2, (await host.DeliveriesAsync()).Count);
    }

    [Theory]
    [InlineData("\"nobody\"", "there is no webhook")]
    [InlineData("\"off\"", "is disabled")]
    [InlineData("\"http://10.0.0.1/\"", "private address")]
    [InlineData("\"http://169.254.169.254/latest\"", "metadata")]
    [InlineData("\"gopher://93.184.216.34/\"", "http or https")]
    [InlineData("\"\"", "must be the name")]
    [InlineData("7", "must be the name")]
    [InlineData("{}", "must be the name")]
    public async Task A_job_that_names_nobody_who_may_be_told_is_refused(string webhook, string reason)
    {
        await using var host = await WebhookHost.StartAsync();
        await host.CreateAsync("off", ""","is_enabled":false""");

        var problem = await host.Gateway.PostAsync("/api/visage/job", $$"""{"images":["eA=="],"config":{"webhook":{{webhook}} } }""", 422);

        Assert.Equal("config.webhook", problem.FirstError().Text("field"));
        Assert.Contains(reason, problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(0, (await host.Gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Theory]
    [InlineData("config.webhook")]
    [InlineData("deadline")]
    public async Task A_repeated_request_gets_the_first_job_whatever_became_of_what_it_names(string what)
    {
        await using var host = await WebhookHost.StartAsync();
        await host.CreateAsync();
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(3).ToString("O", CultureInfo.InvariantCulture);
        var body = what == "deadline"
            ? $$"""{"images":["eA=="],"config":{"deadline":"{{deadline}}"} }"""
            : """{"images":["eA=="],"config":{"webhook":"ci"} }""";
        var first = await SubmitAsync((int)GatewayHost.Taken);
        if (what == "deadline")
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (TimeProvider.System.GetUtcNow() < DateTimeOffset.Parse(deadline, CultureInfo.InvariantCulture))
                await timer.WaitForNextTickAsync(Cancellation);
        }
        else
        {
            await host.SendAsync(HttpMethod.Delete, "/api/webhooks/ci", null, 204);
        }

        Assert.Equal(first, await SubmitAsync((int)GatewayHost.Taken));
        body = body.Replace("eA==", "eQ==", StringComparison.Ordinal);
        Assert.Null(await SubmitAsync(422));

        async Task<string?> SubmitAsync(int status)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/visage/job")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", "once");
            using var response = await host.Gateway.Http.SendAsync(request, Cancellation);
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True((int)response.StatusCode == status, text);
            using var document = JsonDocument.Parse(text);
            return document.RootElement.TryGetProperty("job_id", out var id) ? id.GetString() : null;
        }
    }

    [Theory]
    [InlineData("https://hooks.example.org/services/T0/secret", "https://hooks.example.org/***")]
    [InlineData("https://user:secret@hooks.example.org/", "https://hooks.example.org/***")]
    [InlineData("https://hooks.example.org:8443?token=secret", "https://hooks.example.org:8443/***")]
    [InlineData("https://hooks.example.org/", "https://hooks.example.org/")]
    [InlineData("http://:secret", "***")]
    [InlineData("ci", "ci")]
    public void Readers_see_where_an_address_leads(string address, string shown)
    {
        var config = Encoding.UTF8.GetBytes($$"""{"a":1,"webhook":"{{address}}"}""");

        using var hidden = JsonDocument.Parse(SecretVault.Hide(config));

        Assert.Equal($$"""{"a":1,"webhook":"{{shown}}"}""", hidden.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("""{"a": 1, "config": {"x": [2]}}""", """{"a": 1, "config": {"x": [2]}}""")]
    [InlineData("""{"a":1,"config":{"webhook":"https://a/b","x":[2]}}""", """{"a":1,"config":{"x":[2]}}""")]
    [InlineData("""{"webhook":"mine","config":7}""", """{"webhook":"mine","config":7}""")]
    [InlineData("""{"webhook":"mine"}""", """{"webhook":"mine"}""")]
    public void An_item_that_is_the_whole_body_is_stored_without_the_webhook(string body, string stored)
    {
        using var document = JsonDocument.Parse(body);

        Assert.Equal(stored, Encoding.UTF8.GetString(WebhookAddress.WithoutInConfig(document.RootElement)));
    }

    [Fact]
    public void A_configuration_is_stored_without_the_webhook()
    {
        using var document = JsonDocument.Parse("""{"x":[2],"webhook":"https://a/b","y":null}""");

        Assert.Equal("""{"x":[2],"y":null}""", Encoding.UTF8.GetString(WebhookAddress.Without(document.RootElement)));
        Assert.Empty(WebhookAddress.Without(null));
    }

    private sealed class Redirecting(string location) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.TemporaryRedirect)
            {
                Headers = { Location = new Uri(location, UriKind.RelativeOrAbsolute) },
            });
    }
}
