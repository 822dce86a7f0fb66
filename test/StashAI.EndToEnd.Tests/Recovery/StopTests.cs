using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Recovery;

/// <summary>SIGTERM: the server ends in good order and loses nothing.</summary>
public sealed class StopTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Running_calls_end_and_nothing_is_called_twice()
    {
        const int Tasks = 60;
        await using var gateway = await ServedGateway.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var jobId = (await gateway.SubmitAsync(Enumerable.Range(0, Tasks).Select(i => $"{i}"))).GetProperty("job_id").GetString()!;
        using var socket = await gateway.ConnectAsync();
        await socket.FollowJobAsync(jobId);
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(4, Cancellation);

        await gateway.Process.SignalAsync(UnixSignal.Terminate, Cancellation);
        // The server closes its sockets first, and stops claiming then; calls that run may end.
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await socket.CloseOfAsync());
        gate.Open();

        Assert.Equal(0, await gateway.Process.WaitForExitAsync(Cancellation));
        Assert.Empty(gateway.Query("SELECT id FROM queue_tasks WHERE state = 2"));
        await gateway.ServeAsync();
        var job = await gateway.EndOfAsync(jobId);
        Assert.Equal("completed", job.GetProperty("status").GetString());
        Assert.Equal(Tasks, job.GetProperty("completed_tasks").GetInt32());
        Assert.Equal(Tasks, gateway.Visage.Ledger.Count);
        Assert.DoesNotContain(gateway.Process.StandardError, line => line.Contains(" fail: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upload_that_is_under_way_is_told_to_come_again()
    {
        await using var gateway = await ServedGateway.StartAsync();
        // By hand: HttpClient reads no answer before it has sent its whole body.
        var address = new Uri(gateway.Process.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /api/visage/job HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: 9000000\r\n\r\n"
                + $"{{\"images\":[\"{new string('A', 3_000_000)}"), Cancellation);
        var payloads = Path.Combine(gateway.Folder, "data", "queue.db-payloads");
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
            while (!Directory.Exists(payloads) || Directory.GetFiles(payloads).Length == 0) await timer.WaitForNextTickAsync(Cancellation);

        await gateway.Process.SignalAsync(UnixSignal.Terminate, Cancellation);
        using var reader = new StreamReader(stream);

        Assert.Equal("HTTP/1.1 503 Service Unavailable", await reader.ReadLineAsync(Cancellation));
        Assert.Equal(0, await gateway.Process.WaitForExitAsync(Cancellation));
        Assert.Equal([0], gateway.Query("SELECT COUNT(*) FROM queue_jobs"));
        Assert.Empty(Directory.GetFiles(payloads));
        await gateway.Process.OutputAsync();
        Assert.DoesNotContain(gateway.Process.StandardError, line => line.Contains(" fail: ", StringComparison.Ordinal));
    }
}
