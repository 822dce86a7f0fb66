using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Testing;

public sealed class ScriptedServiceTests : IDisposable
{
    private readonly HttpClient client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task The_script_sees_the_call_and_its_answer_reaches_the_caller()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = call => Reply.Json(
            $$"""{"heard": "{{call.Method}} {{call.Path}} {{call.Header("X-Word")}} {{call.JsonField("n")}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, service.Url + "/api/predict_1?k=1")
        {
            Content = new StringContent("""{"n": "seven"}"""),
            Headers = { { "x-word", "blue" } },
        };

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(
            """{"heard": "POST /api/predict_1?k=1 blue seven"}""", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var entry = Assert.Single(service.Ledger.Calls);
        Assert.Equal("200", entry.Answer);
        Assert.Equal(200, entry.StatusCode);
        Assert.False(entry.Disconnected);
        Assert.True(entry.EndedAt >= entry.StartedAt);
    }

    [Fact]
    public async Task A_throttling_answer_carries_its_retry_after()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = call => call.Try == 1
            ? Reply.Status(429, retryAfter: TimeSpan.FromSeconds(1.5))
            : Reply.StatusWithRetryAfter(503, "soon");

        using var first = await PostAsync(service, "a");
        using var second = await PostAsync(service, "a");

        Assert.Equal(HttpStatusCode.TooManyRequests, first.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), first.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal(["soon"], second.Headers.NonValidated["Retry-After"]);
    }

    [Fact]
    public async Task Tries_are_counted_for_each_item_by_itself()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = call => call.Item == "bad" && call.Try < 3 ? Reply.Status(500, "no") : Reply.Json("{}");

        var statuses = new List<int>();
        foreach (var item in (string[])["bad", "good", "bad", "bad"])
        {
            using var response = await PostAsync(service, item);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([500, 200, 500, 200], statuses);
        Assert.Equal([500, 500, 200], service.Ledger.CallsOf("bad").Select(entry => entry.StatusCode));
        Assert.Equal([1L, 3L, 4L], service.Ledger.CallsOf("bad").Select(entry => entry.Number));
        Assert.Empty(service.Ledger.CallsOf("unknown"));
        Assert.Equal(1, service.Ledger.MaxInFlight);
    }

    [Fact]
    public async Task An_item_is_known_by_its_body_when_no_header_names_it()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);

        using var response = await client.PostAsync(service.Url, new StringContent("abc"), Cancellation);

        var hash = Convert.ToHexStringLower(SHA256.HashData("abc"u8));
        Assert.Equal("abc", Assert.Single(service.Ledger.CallsOf(hash)).Call?.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"half": """)]
    public async Task A_reset_breaks_the_connection_without_a_complete_answer(string firstBytes)
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => firstBytes.Length == 0 ? Reply.Reset() : Reply.ResetAfter(firstBytes);

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(service, "a"));

        var entry = Assert.Single(service.Ledger.Calls);
        Assert.StartsWith("reset", entry.Answer, StringComparison.Ordinal);
        Assert.Null(entry.StatusCode);
        Assert.False(entry.Disconnected);
    }

    [Fact]
    public async Task A_drip_hands_out_one_chunk_for_each_pass_of_its_gate()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        using var gate = new Gate();
        service.Script = _ => Reply.Drip("abcdef", gate, chunkSize: 2);
        using var request = new HttpRequestMessage(HttpMethod.Get, service.Url);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[16];

        gate.LetThrough();
        Assert.Equal(2, await body.ReadAsync(buffer, Cancellation));
        Assert.Equal(1, service.Ledger.InFlight);
        gate.Open();

        Assert.Equal(4, await body.ReadAtLeastAsync(buffer, 4, cancellationToken: Cancellation));
        Assert.Equal(0, await body.ReadAsync(buffer, Cancellation));
        Assert.Equal("drip 200", Assert.Single(service.Ledger.Calls).Answer);
    }

    [Fact]
    public async Task Held_calls_wait_until_their_gate_opens()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        using var gate = new Gate();
        service.Script = call => Reply.Hold(gate, Reply.Json($$"""{"n": "{{call.Item}}"}"""));

        var calls = Enumerable.Range(1, 5).Select(n => PostAsync(service, $"{n}")).ToArray();
        await service.Ledger.WaitForCallsInFlightAsync(5, Cancellation);
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        gate.LetThrough(2);
        await service.Ledger.WaitForEndedAsync(2, Cancellation);
        Assert.Equal(3, service.Ledger.InFlight);
        gate.Open();
        foreach (var response in await Task.WhenAll(calls))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }

        Assert.Equal(5, service.Ledger.MaxInFlight);
        await service.Ledger.WaitForNoCallsInFlightAsync(Cancellation);
    }

    [Fact]
    public async Task A_caller_that_goes_away_is_written_down()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => Reply.Hang();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = PostUntilAsync(service, "left", leaving.Token);
        await service.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await service.Ledger.WaitForDisconnectAsync(Cancellation);

        var entry = Assert.Single(service.Ledger.CallsOf("left"));
        Assert.True(entry.Disconnected);
        Assert.Null(entry.StatusCode);
        Assert.NotNull(entry.EndedAt);
        Assert.Equal(0, service.Ledger.InFlight);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_written_down_without_an_item()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, service.Port, Cancellation);
            await socket.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"u8.ToArray(), Cancellation);
        }

        await service.Ledger.WaitForDisconnectAsync(Cancellation);

        var entry = Assert.Single(service.Ledger.Calls);
        Assert.Null(entry.Item);
        Assert.Equal("the body broke off", entry.Answer);
        Assert.Equal(0, service.Ledger.InFlight);
    }

    [Fact]
    public async Task Garbage_says_json_and_is_none()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => Reply.Garbage();

        using var response = await PostAsync(service, "a");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => System.Text.Json.JsonDocument.Parse(text));
    }

    [Fact]
    public async Task A_body_of_90_MB_is_hashed_and_only_its_first_64_KB_are_kept()
    {
        var options = new ScriptedServiceOptions { Bodies = BodyHandling.Hash };
        await using var service = await ScriptedService.StartAsync(options, Cancellation);
        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = RandomNumberGenerator.GetBytes(1_000_000);

        using var content = new BlockContent(block, count: 90, expected);
        using var response = await client.PostAsync(service.Url, content, Cancellation);

        var call = Assert.Single(service.Ledger.Calls).Call;
        Assert.NotNull(call);
        Assert.Equal(90_000_000, call.BodyLength);
        Assert.Equal(Convert.ToHexStringLower(expected.GetHashAndReset()), call.BodySha256);
        Assert.True(call.Body.Span.SequenceEqual(block.AsSpan(0, 64 * 1024)));
    }

    [Fact]
    public async Task A_script_that_throws_answers_500_and_the_ledger_says_why()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => throw new InvalidOperationException("a slip in the test");

        using var response = await PostAsync(service, "a");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("the script failed: a slip in the test", Assert.Single(service.Ledger.Calls).Answer);
    }

    [Fact]
    public async Task Health_probes_are_answered_beside_the_ledger()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        using var healthy = await client.GetAsync(service.Url + "/health", Cancellation);
        service.Health = Reply.Status(503);
        using var sick = await client.GetAsync(service.Url + "/health", Cancellation);
        await service.WaitForHealthAsync(2, Cancellation);

        Assert.Equal(HttpStatusCode.OK, healthy.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, sick.StatusCode);
        Assert.Equal(0, service.Ledger.Count);
    }

    [Fact]
    public async Task A_service_that_went_down_refuses_connections_until_it_comes_back_on_the_same_port()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => Reply.Hang();
        var hanging = PostAsync(service, "hanging");
        await service.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        await service.GoDownAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => hanging);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(service, "refused"));
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);
        service.Script = _ => Reply.Json("{}");
        await service.ComeBackAsync(Cancellation);
        using var response = await PostAsync(service, "back");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["hanging", "back"], service.Ledger.Calls.Select(entry => entry.Item));
        Assert.Equal(0, service.Ledger.DisconnectCount);
    }

    [Fact]
    public async Task A_refusing_port_refuses()
    {
        using var port = RefusingPort.Take();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(port.Url, Cancellation));

        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);
    }

    [Fact]
    public async Task A_wait_that_is_not_satisfied_says_what_was_seen()
    {
        var options = new ScriptedServiceOptions { Patience = TimeSpan.FromMilliseconds(1) };
        await using var service = await ScriptedService.StartAsync(options, Cancellation);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => service.Ledger.WaitForCallsAsync(2, Cancellation));

        Assert.Contains("2 calls: 0 calls arrived", exception.Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(ScriptedService service, string item) =>
        PostUntilAsync(service, item, Cancellation);

    private async Task<HttpResponseMessage> PostUntilAsync(
        ScriptedService service, string item, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, service.Url + "/predict")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            Headers = { { "X-Item", item } },
        };
        return await client.SendAsync(request, cancellationToken);
    }

    private sealed class BlockContent : HttpContent
    {
        private readonly byte[] block;
        private readonly int count;
        private readonly IncrementalHash hash;

        public BlockContent(byte[] block, int count, IncrementalHash hash)
        {
            (this.block, this.count, this.hash) = (block, count, hash);
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < count; i++)
            {
                hash.AppendData(block);
                await stream.WriteAsync(block, Cancellation);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)block.Length * count;
            return true;
        }
    }
}
