using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using StashAI.Adapters.Http;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>The words for connections that failed.</summary>
public sealed class FailureTextTests
{
    [Fact]
    public void The_innermost_reason_is_told()
    {
        var certificate = new HttpRequestException(
            HttpRequestError.SecureConnectionError,
            "The SSL connection could not be established, see inner exception.",
            new AuthenticationException(
                "outer, see inner exception.", new AuthenticationException("The remote certificate is invalid: UntrustedRoot")));

        Assert.Equal("the TLS connection failed: The remote certificate is invalid: UntrustedRoot", FailureText.Of(certificate));
        Assert.Equal(
            "Connection refused",
            FailureText.Of(
                new HttpRequestException("see inner", new IOException("see inner", new InvalidDataException("Connection refused")))));
    }

    [Fact]
    public async Task TLS_to_a_port_without_it_is_told_so()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = AnswerAsync();
        using var http = new HttpClient();

        var exception = await Assert.ThrowsAsync<HttpRequestException>(
            () => http.GetAsync(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), cancellation));

        await server;
        Assert.StartsWith("the TLS connection failed: ", FailureText.Of(exception), StringComparison.Ordinal);
        Assert.DoesNotContain("inner exception", FailureText.Of(exception), StringComparison.Ordinal);

        async Task AnswerAsync()
        {
            using var client = await listener.AcceptTcpClientAsync(cancellation);
            await using var stream = client.GetStream();
            await stream.ReadExactlyAsync(new byte[5], cancellation);
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), cancellation);
        }
    }
}
