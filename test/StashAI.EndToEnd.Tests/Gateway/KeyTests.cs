using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Gateway;

/// <summary>API keys from the command line to the log, with the real program.</summary>
public sealed class KeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_of_the_command_line_opens_a_running_server_and_no_log_has_it()
    {
        using var folder = new TempFolder();
        await using var server = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments = ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--visage-url", "http://127.0.0.1:9"],
                Environment = new Dictionary<string, string?> { ["LOG_LEVEL"] = "debug", ["API_KEYS"] = "read:a-key-of-the-environment" },
                Folder = folder.Path,
            },
            Cancellation);
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/queue/jobs", Cancellation)).StatusCode);

        var key = (await RunAsync(folder, 0, "create", "--name", "laptop", "--scope", "admin")).Trim();
        while (await StatusAsync(http, key) != HttpStatusCode.OK)
        {
        }

        var wrong = key[..^4] + "AAAA";
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, wrong));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "a-key-of-the-environment"));
        var ticket = await TicketAsync(http, key);
        var port = new Uri(server.Url).Port;
        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws/x?ticket={ticket}"), Cancellation);
            await socket.SendAsync(
                Encoding.UTF8.GetBytes($$"""{"type":"auth","token":"{{key}}"}"""), WebSocketMessageType.Text, true, Cancellation);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Cancellation);
        }

        using (var socket = new ClientWebSocket())
        {
            socket.Options.AddSubProtocol("stashai.v1");
            socket.Options.AddSubProtocol($"bearer.{key}");
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws/x"), Cancellation);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Cancellation);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync($"/nowhere?api_key={key}", Cancellation)).StatusCode);
        Assert.Contains("laptop", await RunAsync(folder, 0, "list"), StringComparison.Ordinal);
        await RunAsync(folder, 1, "create", "--name", "laptop");
        await ScheduleAsync(http, key);
        var revoked = await RunAsync(folder, 0, "revoke", "laptop");
        Assert.Contains("fail from now on: nightly.", revoked, StringComparison.Ordinal);
        await RunAsync(folder, 1, "revoke", "laptop");
        var second = (await RunAsync(folder, 0, "create", "--name", "desk", "--scope", "operate")).Trim();
        while (await StatusAsync(http, second) != HttpStatusCode.OK)
        {
        }

        Assert.Equal(["create desk", "revoke laptop", "create laptop"], await AuditAsync(http, second));
        while (await StatusAsync(http, key) != HttpStatusCode.Unauthorized)
        {
        }

        await server.SignalAsync(UnixSignal.Terminate, Cancellation);
        await server.WaitForExitAsync(Cancellation);
        var log = string.Join('\n', server.StandardError.Concat(server.StandardOutput));
        Assert.Contains("GET /api/queue/jobs", log, StringComparison.Ordinal);
        Assert.Contains("ticket=***", log, StringComparison.Ordinal);
        Assert.Contains("Refused a wrong API key", log, StringComparison.Ordinal);
        foreach (var secret in (string[])[key, key[17..], second, wrong, wrong[17..], ticket, "a-key-of-the-environment"])
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
    }

    private static async Task ScheduleAsync(HttpClient http, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/schedules") { Headers = { { "X-API-Key", key } } };
        request.Content = new StringContent(
            """
            {"name":"nightly","cron":"0 0 29 2 *","service":"interactions","source":{"type":"body","body":{"items":[{"session_id":"s","action_type":"click"}]}}}
            """,
            Encoding.UTF8,
            "application/json");
        using var response = await http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/queue/jobs") { Headers = { { "X-API-Key", key } } };
        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private static async Task<IEnumerable<string>> AuditAsync(HttpClient http, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/audit?target_kind=key") { Headers = { { "X-API-Key", key } } };
        using var response = await http.SendAsync(request, Cancellation);
        var entries = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("data").EnumerateArray();
        return [.. entries.Select(entry => $"{entry.GetProperty("action").GetString()} {entry.GetProperty("target_id").GetString()}")];
    }

    private static async Task<string> TicketAsync(HttpClient http, string key)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "/api/ws/ticket") { Headers = { { "Authorization", $"Bearer {key}" } } };
        using var response = await http.SendAsync(request, Cancellation);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("ticket").GetString()!;
    }

    private static async Task<string> RunAsync(TempFolder folder, int code, params string[] arguments)
    {
        await using var command = StashAIProcess.Launch(new StashAIProcessOptions
        {
            Arguments = ["keys", .. arguments, "--data", folder.File("data")],
            Folder = folder.Path,
        });
        Assert.Equal(code, await command.WaitForExitAsync(Cancellation));
        return await command.OutputAsync();
    }
}
