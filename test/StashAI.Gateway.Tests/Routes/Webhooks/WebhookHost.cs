using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Webhooks;

/// <summary>A gateway, and a receiver of webhooks that answers what a test says.</summary>
internal sealed class WebhookHost : IAsyncDisposable
{
    private WebhookHost(GatewayHost gateway, ScriptedService receiver) => (Gateway, Receiver) = (gateway, receiver);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public GatewayHost Gateway { get; }

    public ScriptedService Receiver { get; }

    public static async Task<WebhookHost> StartAsync(
        Dictionary<string, string?>? settings = null, bool isAllowed = true, IReadOnlyList<ScriptedService>? others = null)
    {
        var receiver = await ScriptedService.StartAsync(Cancellation);
        var all = new Dictionary<string, string?>(settings ?? []);
        if (isAllowed)
            all["ALLOWED_UPSTREAMS"] = string.Join(',', (others ?? []).Append(receiver).Select(one => $"127.0.0.1:{one.Port}"));
        return new WebhookHost(await GatewayHost.StartAsync(all), receiver);
    }

    /// <summary>Makes a webhook for the receiver; returns it with its secret.</summary>
    public Task<JsonElement> CreateAsync(string name = "ci", string more = "", string path = "/hook") =>
        Gateway.PostAsync("/api/webhooks", $$"""{"name":"{{name}}","url":"{{Receiver.Url}}{{path}}"{{more}}}""", 201);

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, int status)
    {
        using var response = await Gateway.SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        if (text.Length == 0) return default;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public async Task<List<JsonElement>> DeliveriesAsync(string webhook = "ci", string query = "") =>
        [.. (await Gateway.GetAsync($"/api/webhooks/{webhook}/deliveries{query}")).GetProperty("data").EnumerateArray()];

    /// <summary>The newest delivery once a call was made of it and its outcome is stored.</summary>
    public async Task<JsonElement> SettledAsync(string webhook = "ci", string? state = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (await DeliveriesAsync(webhook) is [var newest, ..]
                && (state is null ? !newest.IsNull("error") || newest.Text("state") != "waiting" : newest.Text("state") == state))
            {
                return newest;
            }

            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    /// <summary>Checks the signature of a call as Standard Webhooks say, and returns the body.</summary>
    public static JsonElement Verify(ScriptedCall call, params string[] secrets)
    {
        Assert.Equal(("POST", "application/json"), (call.Method, call.Header("Content-Type")));
        var (id, time) = (call.Header("webhook-id")!, call.Header("webhook-timestamp")!);
        var seconds = long.Parse(time, CultureInfo.InvariantCulture);
        Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - seconds, -5, 300);
        var expected = secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(
            Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{time}.{call.Text}"))));
        Assert.Equal(string.Join(' ', expected), call.Header("webhook-signature"));
        using var document = JsonDocument.Parse(call.Body);
        var body = document.RootElement.Clone();
        Assert.Equal(["object", "id", "type", "created_at", "data"], body.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("event", id), (body.Text("object"), body.Text("id")));
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
