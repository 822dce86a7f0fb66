using System.Net.WebSockets;
using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Live;

/// <summary>`WS /ws/{session_id}` through a real socket.</summary>
public sealed class LiveSocketTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ping_gets_a_pong()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        await client.SendAsync("""{"type":"ping"}""");

        Assert.Equal("pong", (await client.ReadAsync()).Text("type"));
    }

    [Fact]
    public async Task A_subscription_is_confirmed_and_the_snapshot_follows()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Hang();
        var jobId = await gateway.SubmitAsync("x");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        var taskId = (await gateway.GetAsync($"/api/queue/job/{jobId}")).GetProperty("task_ids")[0].GetString()!;
        using var client = await LiveClient.ConnectAsync(gateway);

        var job = await client.FollowJobAsync(jobId);
        var progress = await client.ReadAsync();
        var task = await client.FollowTaskAsync(taskId);
        var status = await client.ReadAsync();

        Assert.Equal("job", job.Text("subscription"));
        Assert.Equal(jobId, job.Text("job_id"));
        Assert.Equal("job_progress", progress.Text("type"));
        Assert.Equal(jobId, progress.Text("job_id"));
        Assert.Equal("running", progress.Text("status"));
        Assert.Equal(1, progress.Whole("total_tasks"));
        Assert.Equal(0, progress.Whole("completed_tasks"));
        Assert.Equal(0, progress.Whole("failed_tasks"));
        Assert.Equal(0.0, progress.Number("progress_percentage"));
        Assert.Equal("task", task.Text("subscription"));
        Assert.Equal(taskId, task.Text("task_id"));
        Assert.Equal("task_status", status.Text("type"));
        Assert.Equal("running", status.Text("status"));
        Assert.Equal("visage", status.Text("adapter_name"));
        Assert.Equal("face_identify", status.Text("task_type"));
        Assert.Equal("calling_upstream", status.GetProperty("progress").Text("stage"));
    }

    [Theory]
    [InlineData("session", "completed")]
    [InlineData("session?dialect=plugin", "finished")]
    [InlineData("ai_overhaul_session", "finished")]
    [InlineData("ai_overhaul_session?dialect=default", "completed")]
    public async Task A_late_subscription_gets_the_end_at_once(string session, string word)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("""{"data":[[1]]}""");
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));
        using var client = await LiveClient.ConnectAsync(gateway, session);

        await client.FollowJobAsync(job.Text("job_id"));
        var progress = await client.ReadAsync();
        await client.FollowTaskAsync(job.GetProperty("tasks")[0].Text("task_id"));
        var status = await client.ReadAsync();

        Assert.Equal("completed", progress.Text("status"));
        Assert.Equal(100.0, progress.Number("progress_percentage"));
        Assert.Equal(word, status.Text("status"));
        Assert.Equal("completed", status.Text("state"));
        Assert.Equal("""{"data":[[1]]}""", status.GetProperty("output_json").GetRawText());
    }

    [Fact]
    public async Task A_failure_comes_with_its_reason()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Status(400, """{"detail":"no picture"}""");
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));
        using var client = await LiveClient.ConnectAsync(gateway);

        await client.FollowTaskAsync(job.GetProperty("tasks")[0].Text("task_id"));
        var status = await client.ReadAsync();

        Assert.Equal("failed", status.Text("status"));
        Assert.Contains("no picture", status.Text("error_message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_is_followed_from_waiting_to_its_end()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 1);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var jobId = await gateway.SubmitAsync("first", "second");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        var taskId = (await gateway.GetAsync($"/api/queue/job/{jobId}")).GetProperty("task_ids")[1].GetString()!;
        using var client = await LiveClient.ConnectAsync(gateway);
        await client.FollowTaskAsync(taskId);

        var waiting = await client.ReadAsync();
        gate.LetThrough();
        var running = await client.UntilAsync(message => message.Text("status") == "running");
        gate.LetThrough();
        var over = await client.ReadAsync();

        // What was claimed ahead may already count as running.
        Assert.Contains(waiting.Text("status"), (string[])["pending", "running"]);
        Assert.Equal("running", running.Text("status"));
        Assert.Equal("completed", over.Text("status"));
        Assert.True(over.Number("version") > running.Number("version"));
    }

    [Fact]
    public async Task After_an_unsubscription_nothing_more_comes()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var jobId = await gateway.SubmitAsync("x");
        var taskId = (await gateway.GetAsync($"/api/queue/job/{jobId}")).GetProperty("task_ids")[0].GetString()!;
        using var client = await LiveClient.ConnectAsync(gateway);
        await client.FollowJobAsync(jobId);
        await client.FollowTaskAsync(taskId);

        var job = await client.AskAsync($$"""{"type":"unsubscribe_job","job_id":"{{jobId}}"}""", "unsubscribed");
        var task = await client.AskAsync($$"""{"type":"unsubscribe_task","task_id":"{{taskId}}"}""", "unsubscribed");
        gate.Open();
        await gateway.EndOfAsync(jobId);
        await client.SendAsync("""{"type":"ping"}""");

        Assert.Equal("job", job.Text("subscription"));
        Assert.Equal("task", task.Text("subscription"));
        Assert.Equal("pong", (await client.ReadAsync()).Text("type"));
    }

    [Theory]
    [InlineData(
        """{"type":"subscribe_job","job_id":"0190b7a8-0000-7000-8000-000000000000"}""",
        "There is no job 0190b7a8-0000-7000-8000-000000000000.")]
    [InlineData("""{"type":"subscribe_task","task_id":"nonsense"}""", "task_id must be the id of a task, a UUID, not 'nonsense'.")]
    [InlineData("""{"type":"subscribe_task"}""", "task_id is missing: it must be a text, the id of a task.")]
    [InlineData("""{"type":"subscribe_job","job_id":5}""", "job_id is missing: it must be a text, the id of a job.")]
    [InlineData("""{"type":"unsubscribe_job","job_id":"x"}""", "job_id must be the id of a job, a UUID, not 'x'.")]
    [InlineData("""{"type":"dance"}""", "Unknown message type: dance")]
    [InlineData("""{"type":"subscribe_tasks"}""", "Unknown message type: subscribe_tasks Did you mean 'subscribe_task'?")]
    [InlineData("""{"type":5}""", "type must be a text, such as {\"type\":\"ping\"}.")]
    [InlineData("""{}""", "type is missing: it must be a text, such as {\"type\":\"ping\"}.")]
    [InlineData("""{"typ":"ping"}""", "type is missing, and typ is not known: type must be a text, such as {\"type\":\"ping\"}.")]
    public async Task What_cannot_be_done_is_said(string message, string expected)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        Assert.Equal(expected, (await client.AskAsync(message, "error")).Text("message"));
        Assert.Equal("pong", (await client.AskAsync("""{"type":"ping"}""", "pong")).Text("type"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1,2]")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":\"ping\"}")]
    [InlineData("{\"type\":\"subscribe_job\",\"job_id\":\"\\udc00\"}")]
    [InlineData("{\"type\":\"ping\"} trailing")]
    public async Task A_message_that_is_no_object_is_answered_and_the_socket_goes_on(string message)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        Assert.NotEmpty((await client.AskAsync(message, "error")).Text("message"));
        await client.AskAsync("""{"type":"ping"}""", "pong");
        Assert.Empty(gateway.Errors.Lines);
    }

    [Fact]
    public async Task A_deeply_nested_message_is_answered()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        await client.AskAsync(new string('[', 30_000), "error");
        await client.AskAsync("""{"type":"ping"}""", "pong");
    }

    [Fact]
    public async Task A_binary_message_is_answered_with_an_error()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        await client.SendAsync("""{"type":"ping"}""", WebSocketMessageType.Binary);

        Assert.Contains("text", (await client.ReadAsync()).Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_may_come_in_pieces()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        foreach (var character in """{"type":"pin""") await client.SendAsync($"{character}", isWhole: false);
        await client.SendAsync("""g"}""");

        Assert.Equal("pong", (await client.ReadAsync()).Text("type"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_is_too_long_closes_the_socket(bool inPieces)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);
        var piece = new string('x', 40_000);

        if (inPieces) await client.SendAsync(piece, isWhole: false);
        await client.SendAsync(inPieces ? piece : piece + piece);

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await client.CloseOfAsync());
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_read()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);
        const string Start = """{"type":"ping","x":" """;

        await client.SendAsync(Start + new string('x', (64 * 1024) - Start.Length - 2) + "\"}");

        Assert.Equal("pong", (await client.ReadAsync()).Text("type"));
    }

    [Fact]
    public async Task A_closing_client_gets_its_close_back()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Cancellation);

        Assert.Equal(WebSocketState.Closed, client.Socket.State);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
    }

    [Fact]
    public async Task A_stopping_server_closes_its_sockets_in_good_order()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        var stopping = gateway.StopAsync();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await client.CloseOfAsync());
        await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Cancellation);
        await stopping;
        Assert.Empty(gateway.Errors.Lines);
    }

    [Theory]
    [InlineData("https://evil.example.org", false)]
    [InlineData("http://localhost:9999", true)]
    public async Task Only_pages_of_near_origins_may_connect(string origin, bool isAllowed)
    {
        await using var gateway = await GatewayHost.StartAsync();

        if (isAllowed)
        {
            using var client = await LiveClient.ConnectAsync(gateway, origin: origin);
        }
        else
        {
            await Assert.ThrowsAsync<WebSocketException>(() => LiveClient.ConnectAsync(gateway, origin: origin));
        }
    }

    [Fact]
    public async Task A_large_result_is_replaced_by_its_address_save_for_the_plugin()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json($"\"{new string('x', 300 * 1024)}\"");
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));
        var taskId = job.GetProperty("tasks")[0].Text("task_id");
        using var modern = await LiveClient.ConnectAsync(gateway);
        using var plugin = await LiveClient.ConnectAsync(gateway, "ai_overhaul_session");

        await modern.FollowTaskAsync(taskId);
        await plugin.FollowTaskAsync(taskId);
        var small = await modern.ReadAsync();
        var full = await plugin.ReadAsync();

        Assert.True(small.IsNull("output_json"));
        Assert.Equal(300 * 1024, (await gateway.GetAsync(small.Text("output_url"))).Text("output_json").Length);
        Assert.Equal(300 * 1024, full.Text("output_json").Length);
    }

    [Fact]
    public async Task Everybody_hears_of_every_end_in_order_while_one_client_does_not_read()
    {
        const int Tasks = 300;
        await using var gateway = await GatewayHost.StartAsync(workers: 16);
        using var gate = new Gate();
        gateway.Visage.Script = call => Reply.Hold(gate, Reply.Json($"\"{call.Item}{new string('x', 20_000)}\""));
        var jobId = await gateway.SubmitAsync([.. Enumerable.Range(0, Tasks).Select(i => $"{i}")]);
        var ids = (await gateway.GetAsync($"/api/queue/job/{jobId}?inputs=none")).GetProperty("task_ids").EnumerateArray()
            .Select(id => id.GetString()!).ToArray();
        var clients = new List<LiveClient>();
        try
        {
            for (var i = 0; i < 6; i++)
            {
                var client = await LiveClient.ConnectAsync(gateway);
                clients.Add(client);
                await client.SendAsync($$"""{"type":"subscribe_job","job_id":"{{jobId}}"}""");
                foreach (var id in ids) await client.SendAsync($$"""{"type":"subscribe_task","task_id":"{{id}}"}""");
            }

            gate.Open();
            var readers = clients[1..].Select(client => ReadToTheEndAsync(client, Tasks)).ToArray();
            await gateway.EndOfAsync(jobId);
            await Task.WhenAll(readers);
            // The one that did not read until now has missed nothing that matters.
            await ReadToTheEndAsync(clients[0], Tasks);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task ReadToTheEndAsync(LiveClient client, int tasks)
    {
        var versions = new Dictionary<string, double>();
        var ended = new HashSet<string>();
        var isJobOver = false;
        while (!isJobOver || ended.Count < tasks)
        {
            var message = await client.ReadAsync();
            if (message.Text("type") is not ("job_progress" or "task_status")) continue;
            var id = message.Text(message.Text("type") == "job_progress" ? "job_id" : "task_id");
            Assert.True(message.Number("version") > versions.GetValueOrDefault(id, -1), message.GetRawText());
            versions[id] = message.Number("version");
            if (message.Text("status") != "completed") continue;
            if (message.Text("type") == "job_progress") isJobOver = true;
            else Assert.True(ended.Add(id));
        }
    }
}
