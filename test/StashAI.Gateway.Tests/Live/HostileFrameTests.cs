using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Live;

/// <summary>Thousands of frames that no client of ours would send: each gets an answer or a close, and the server never fails.</summary>
public sealed class HostileFrameTests
{
    private const int Connections = 150;
    private const int FramesEach = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Texts =
    [
        "", "{", "}", "null", "[]", "1e999", "\"x\"", "{}", """{"type":null}""", """{"type":{"a":[]}}""",
        """{"type":"ping","type":"dance"}""", """{"type":"subscribe_job","job_id":"00000000-0000-0000-0000-000000000000"}""",
        """{"type":"subscribe_task","task_id":{}}""", """{"type":"subscribe_task","task_id":"ffffffff-ffff-ffff-ffff-ffffffffffff"}""",
        """{"type":"subscribe_job","job_id":"\u0000"}""", """{"type":"unsubscribe_task","task_id":"'; DROP TABLE queue_jobs; --"}""",
        """{"type":"interaction","data":{"metadata":[[[[]]]]}}""", """{"type":"auth","token":"x"}""", """{"type":"\ud800"}""", "\uFEFF{}",
        "{\"type\":\"ping\"}{\"type\":\"ping\"}", """{"type":"subscribe_jobs","filter":{"name":"\ud800"}}""",
        """{"type":"subscribe_jobs","filter":{"\ud800":"x"}}""", """{"type":"subscribe_jobs","filter":{"state":[[],{}]}}""",
        """{"type":"subscribe_jobs","filter":{"name":"%_\u0000'","created_after":"0001-01-01T00:00:00+14:00"},"name":"\u0000"}""",
        """{"type":"subscribe_services","filter":7}""", """{"type":"unsubscribe_jobs","name":{}}""",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_frame_makes_the_server_fail(int seed)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var random = new Random(seed);

        for (var i = 0; i < Connections; i++) await SendFramesAsync(new Uri(gateway.Url), random);

        using var client = await LiveClient.ConnectAsync(gateway);
        await client.AskAsync("""{"type":"ping"}""", "pong");
        Assert.Empty(gateway.Errors.Lines);
    }

    private static async Task SendFramesAsync(Uri server, Random random)
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(server.Host, server.Port, Cancellation);
        var stream = tcp.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /ws/x HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
            Cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        var answers = DrainAsync(stream, patience.Token);
        try
        {
            for (var i = 0; i < FramesEach; i++) await stream.WriteAsync(Frame(random), Cancellation);
            // A proper goodbye, if the server is still there to hear it.
            await stream.WriteAsync(Frame(8, isFinal: true, isMasked: true, [0x03, 0xE8], 0), Cancellation);
            tcp.Client.Shutdown(SocketShutdown.Send);
        }
        catch (IOException)
        {
            // It has closed: that is an answer too.
        }

        await answers;
    }

    private static async Task DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset.
        }
    }

    private static byte[] Frame(Random random)
    {
        var text = Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]);
        return random.Next(14) switch
        {
            0 => Frame(2, isFinal: true, isMasked: true, Bytes(random, random.Next(300)), 0), // binary
            1 => Frame(1, isFinal: true, isMasked: true, Bytes(random, random.Next(1, 50)), 0), // not UTF-8
            2 => Frame(random.Next(16), isFinal: random.Next(2) == 0, isMasked: true, text, 0), // any opcode
            3 => Frame(1, isFinal: true, isMasked: random.Next(4) != 0, text, 0), // perhaps not masked
            4 => Frame(1, isFinal: true, isMasked: true, text, random.Next(8)), // reserved bits
            5 => Frame(9, isFinal: true, isMasked: true, Bytes(random, random.Next(200)), 0), // pings, also too long ones
            6 => Frame(1, isFinal: true, isMasked: true, Bytes(random, 70_000), 0), // too long
            7 => [.. Frame(1, false, true, text, 0), .. Frame(0, true, true, text, 0)], // in two pieces
            8 => [.. Frame(1, false, true, [], 0), .. Enumerable.Range(0, 20).SelectMany(_ => Frame(0, false, true, [], 0)),
                .. Frame(0, true, true, text, 0)],
            9 when random.Next(10) == 0 => Bytes(random, random.Next(40)), // no frame at all
            _ => Frame(1, isFinal: true, isMasked: true, text, 0),
        };
    }

    private static byte[] Frame(int opcode, bool isFinal, bool isMasked, byte[] payload, int reserved)
    {
        var frame = new List<byte> { (byte)((isFinal ? 0x80 : 0) | (reserved << 4) | opcode) };
        var mask = isMasked ? 0x80 : 0;
        if (payload.Length < 126)
        {
            frame.Add((byte)(mask | payload.Length));
        }
        else if (payload.Length < 65_536)
        {
            frame.Add((byte)(mask | 126));
            var length = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)payload.Length);
            frame.AddRange(length);
        }
        else
        {
            frame.Add((byte)(mask | 127));
            var length = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
            frame.AddRange(length);
        }

        // A mask of zeros changes nothing.
        if (isMasked) frame.AddRange(new byte[4]);
        frame.AddRange(payload);
        return [.. frame];
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
