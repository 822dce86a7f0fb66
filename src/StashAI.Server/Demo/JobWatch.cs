using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using StashAI.Server.Exits;

namespace StashAI.Server.Demo;

/// <summary>
/// Follows a job over the WebSocket until it ends. It reconnects after a failure; a subscription begins with the current state.
/// </summary>
internal sealed class JobWatch(Uri gateway, TimeProvider time)
{
    private const int MaxAttempts = 5;

    /// <summary>Subscribes and reports every message; ends with the final one.</summary>
    /// <exception cref="StartException">The WebSocket cannot be reached.</exception>
    public async Task<JobProgress> FollowAsync(string jobId, Action<JobProgress> onProgress, CancellationToken cancellationToken)
    {
        var address = new UriBuilder(gateway) { Scheme = "ws", Path = "/ws/demo" }.Uri;
        for (var failures = 0; ;)
        {
            try
            {
                if (await FollowOnceAsync(
                    address, jobId, progress => { failures = 0; onProgress(progress); }, cancellationToken) is { } final)
                {
                    return final;
                }
                failures++;
            }
            catch (WebSocketException) when (++failures < MaxAttempts)
            {
                // Reconnects below.
            }
            catch (WebSocketException exception)
            {
                throw new StartException($"the live progress at {address} cannot be followed: {exception.Message}", exception);
            }
            if (failures >= MaxAttempts)
            {
                throw new StartException($"the live progress at {address} was closed by the server {failures} times.");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(300 * failures), time, cancellationToken);
        }
    }

    /// <returns>The final message; null when the server closed the connection before it.</returns>
    private static async Task<JobProgress?> FollowOnceAsync(
        Uri address,
        string jobId,
        Action<JobProgress> onProgress,
        CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        await socket.ConnectAsync(address, cancellationToken);
        var subscribe = JsonSerializer.SerializeToUtf8Bytes(new SubscribeJob("subscribe_job", jobId), DemoJson.Default.SubscribeJob);
        await socket.SendAsync(subscribe, WebSocketMessageType.Text, true, cancellationToken);
        var message = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var received = await socket.ReceiveAsync(message.GetMemory(4096), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
            message.Advance(received.Count);
            if (!received.EndOfMessage)
            {
                continue;
            }
            var read = JsonSerializer.Deserialize(message.WrittenSpan, DemoJson.Default.SocketMessage)!;
            message.ResetWrittenCount();
            if (read.Type == "error")
            {
                throw new StartException($"the server refused the subscription to job {jobId}: {read.Message}");
            }
            if (read.Type != "job_progress" || read.JobId != jobId)
            {
                continue;
            }
            var progress = new JobProgress(read.JobId, read.Status, read.TotalTasks, read.CompletedTasks, read.FailedTasks);
            onProgress(progress);
            if (progress.IsFinal)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                return progress;
            }
        }
    }
}
