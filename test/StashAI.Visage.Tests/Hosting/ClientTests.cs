using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Hosting.Bodies;
using StashAI.Hosting.Clients;

namespace StashAI.Visage.Tests.Hosting;

/// <summary>Clients on other machines behind a proxy, and clients that send broken or endless bodies.</summary>
public sealed class ClientTests(RealFiles files)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Real-IP", "")]
    public async Task A_client_behind_a_proxy_is_not_this_machine(string name, string value)
    {
        await using var server = await VisageServer.StartAsync(files);

        Assert.Equal(403, await StatusAsync(server, name, value));
        Assert.Equal(200, await StatusAsync(server, "X-Other", "x"));
        await using var open = await VisageServer.StartAsync(files, options => options with { AllowLan = true });
        Assert.Equal(200, await StatusAsync(open, name, value));
    }

    [Fact]
    public async Task A_trusted_proxy_says_who_its_client_is()
    {
        await using var server = await VisageServer.StartAsync(
            files, options => options with { TrustedProxies = TrustedProxies.Parse("127.0.0.1") });

        Assert.Equal(200, await StatusAsync(server, "X-Forwarded-For", "127.0.0.1"));
        Assert.Equal(403, await StatusAsync(server, "X-Forwarded-For", "203.0.113.9"));
        Assert.Equal(403, await StatusAsync(server, "X-Forwarded-For", "127.0.0.1, 203.0.113.9"));
        Assert.Equal(403, await StatusAsync(server, "X-Forwarded-For", "nonsense"));
    }

    [Fact]
    public async Task The_log_names_a_proxy_that_nobody_trusts_once()
    {
        var log = new ProxyLog();
        await using var server = await VisageServer.StartAsync(files, configure: builder => builder.Logging.AddProvider(log));

        for (var i = 0; i < 3; i++) Assert.Equal(403, await StatusAsync(server, "X-Forwarded-For", $"203.0.113.{i}"));

        Assert.Contains("VISAGE_TRUSTED_PROXIES=127.0.0.1", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80000000")]
    [InlineData("ffffffffffffffffffff")]
    [InlineData("g")]
    public async Task A_chunk_with_an_impossible_size_gets_a_400_on_every_route(string size)
    {
        await using var server = await VisageServer.StartAsync(files);
        var routes = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Post) == true)
            .Select(route => route.RoutePattern.RawText!.Replace("{id}", "00000000-0000-0000-0000-000000000000", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var answer = await SendAsync(
                server,
                $"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + $"{size}\r\nx");
            Assert.True(answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), $"{route}: {answer}");
            if (route == "/api/predict_1") Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_that_never_ends_is_ended()
    {
        await using var server = await VisageServer.StartAsync(
            files, options => options with { UploadPace = new UploadPace(1000, TimeSpan.FromMilliseconds(200)) });

        var answer = await SendAsync(
            server, "POST /api/predict_1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    private static async Task<int> StatusAsync(VisageServer server, string name, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/gallery/people");
        request.Headers.TryAddWithoutValidation(name, value);
        using var response = await server.Client.SendAsync(request, Cancellation);
        return (int)response.StatusCode;
    }

    private static async Task<string> SendAsync(VisageServer server, string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancellation);
        var buffer = new byte[4096];
        return Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer, Cancellation));
    }

    /// <summary>Keeps what is said of untrusted proxies.</summary>
    private sealed class ProxyLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => categoryName == typeof(UntrustedProxies).FullName ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
