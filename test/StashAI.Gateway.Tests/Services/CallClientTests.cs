using System.Net;
using StashAI.Adapters.Http;

namespace StashAI.Gateway.Tests.Services;

/// <summary>A call of <see cref="CallClient.CallAsync"/> is the one that an <see cref="HttpClient"/> with the defaults sends.</summary>
public sealed class CallClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("own/1.0")]
    public async Task Both_ways_send_the_same_headers(string? agent)
    {
        using var handler = new Recorder();
        using var client = new CallClient(handler);

        using var plain = await client.SendAsync(Request(agent), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var call = await client.CallAsync(Request(agent), Cancellation);

        Assert.Equal(2, handler.Sent.Count);
        Assert.Equal(handler.Sent[0], handler.Sent[1]);
        Assert.Contains($"User-Agent: {agent ?? CallDefaults.UserAgent}", handler.Sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_ends_with_its_own_token_and_without_a_time_limit()
    {
        using var handler = new Recorder { Wait = new TaskCompletionSource() };
        using var client = new CallClient(handler);
        using var leaving = new CancellationTokenSource();

        var call = client.CallAsync(Request(null), leaving.Token);

        Assert.Equal(Timeout.InfiniteTimeSpan, client.Timeout);
        Assert.False(call.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task The_headers_come_before_the_body()
    {
        using var handler = new Recorder { Body = new NeverRead() };
        using var client = new CallClient(handler);

        using var answer = await client.CallAsync(Request(null), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_connections_outlive_the_client()
    {
        using var handler = new Recorder();
        new CallClient(handler).Dispose();

        using var next = new CallClient(handler);
        using var answer = await next.CallAsync(Request(null), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static HttpRequestMessage Request(string? agent)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://service.test/x?y=1") { Content = new StringContent("body") };
        request.Headers.Add("X-Own", "1");
        if (agent is not null) request.Headers.TryAddWithoutValidation("User-Agent", agent);
        return request;
    }

    private sealed class Recorder : HttpMessageHandler
    {
        private bool isDisposed;

        public List<string> Sent { get; } = [];

        public TaskCompletionSource? Wait { get; init; }

        public Stream Body { get; init; } = Stream.Null;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            var headers = request.Headers.NonValidated.Concat(request.Content!.Headers.NonValidated)
                .Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal);
            Sent.Add(string.Join('\n', headers.Prepend($"{request.Method} {request.RequestUri}")));
            if (Wait is not null) await Wait.Task.WaitAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(Body) };
        }

        protected override void Dispose(bool disposing)
        {
            isDisposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class NeverRead : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Nobody asked for the body.");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("Nobody asked for the body.");
    }
}
