using System.Buffers;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using StashAI.Bench.Load;

namespace StashAI.Bench.Gateway;

/// <summary>
/// What the bytes of a job of photos take without a queue: a socket receives the body in large pieces, the photos are decoded, hashed and
/// written to one file, which is flushed; then as many calls at once as in the plan read a photo, check it, encode it and send it. No JSON
/// is scanned, nothing is counted, claimed or recorded.
/// </summary>
internal static class PhotoFloor
{
    /// <summary>Photos a second.</summary>
    public static async Task<double> RunAsync(
        LoadPlan plan, byte[] body, HttpClient http, Uri service, string folder, CancellationToken cancellationToken)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var path = Path.Combine(folder, "floor");
        var sums = new ulong[plan.Tasks];
        await ReceiveAsync(plan, body, path, sums, cancellationToken);
        var next = -1;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, options: FileOptions.DeleteOnClose);
        await Task.WhenAll(Enumerable.Range(0, plan.Parallel).Select(_ => Task.Run(
            async () =>
            {
                var size = plan.Bytes * 3 / 4;
                var (photo, text) = (new byte[size], new byte[Base64.GetMaxEncodedToUtf8Length(size)]);
                while (Interlocked.Increment(ref next) is var number && number < plan.Tasks)
                {
                    await RandomAccess.ReadAsync(file, photo, (long)number * size, cancellationToken);
                    if (XxHash3.HashToUInt64(photo) != sums[number]) throw new InvalidOperationException("The disk has other bytes.");
                    Base64.EncodeToUtf8(photo, text, out int _, out var length);
                    using var content = new ByteArrayContent(text, 0, length);
                    using var response = await http.PostAsync(service, content, cancellationToken);
                    await response.Content.ReadAsByteArrayAsync(cancellationToken);
                }
            },
            cancellationToken)));
        return plan.Tasks / watch.Elapsed.TotalSeconds;
    }

    private static async Task ReceiveAsync(LoadPlan plan, byte[] body, string path, ulong[] sums, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        using var server = await listener.AcceptSocketAsync(cancellationToken);
        var sending = Task.Run(async () => await client.GetStream().WriteAsync(body, cancellationToken), cancellationToken);
        var (size, digits) = (plan.Bytes * 3 / 4, (plan.Bytes * 3 / 4 + 2) / 3 * 4);
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        var writing = Task.CompletedTask;
        var skipped = new byte["{\"images\":[\"".Length];
        await FillAsync(server, skipped, cancellationToken);
        var (text, photos) = (new byte[digits + 3], new[] { new byte[size], new byte[size] });
        for (var number = 0; number < plan.Tasks; number++)
        {
            // With what is between two photos, or behind the last one.
            await FillAsync(server, text, cancellationToken);
            var (photo, at) = (photos[number % 2], number);
            if (Base64.DecodeFromUtf8(text.AsSpan(0, digits), photo, out _, out _) != OperationStatus.Done)
                throw new InvalidOperationException("The body is not as expected.");
            await writing;
            writing = Task.Run(
                async () =>
                {
                    SHA256.HashData(photo);
                    sums[at] = XxHash3.HashToUInt64(photo);
                    await RandomAccess.WriteAsync(file, photo, (long)at * size, cancellationToken);
                },
                cancellationToken);
        }

        await writing;
        await sending;
        RandomAccess.FlushToDisk(file);
    }

    private static async Task FillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            var read = await socket.ReceiveAsync(buffer[filled..], cancellationToken);
            if (read == 0) throw new EndOfStreamException();
            filled += read;
        }
    }
}
