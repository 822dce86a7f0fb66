using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Connections;

/// <summary>Bodies whose framing is broken: the client is told, and no route takes it for a fault of the server.</summary>
public sealed class MalformedBodyTests
{
    private const string Json = "{\"images\":[\"eA==\"]}";

    private static readonly string[] Sizes =
    [
        "80000000", "7fffffff", "7FFFFFFF0", "100000000", "ffffffff", "fffffffffffffff", "ffffffffffffffff", "10000000000000000",
        "ffffffffffffffffffffffff", "-1", "+5", "0x5", " 5", "5 ", "", "g", "5;", "5;x=\"", "00000000000000005", "1_0", "\u00b2", "5\n",
        "999999999", "1.5",
    ];

    private static readonly string[] Types =
    [
        "application/json", "application/x-ndjson", "multipart/form-data; boundary=b", "multipart/form-data",
        "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=", "text/plain", "application/octet-stream",
        "application/x-www-form-urlencoded", "",
    ];

    private static readonly Gen<string> Chunk = Gen.OneOf(
        Gen.Select(
            Gen.OneOf(Sizes),
            Gen.OneOf(Json, "", "x", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\nhello\r\n--b--\r\n"),
            (size, data) => $"{size}\r\n{data}\r\n"),
        Gen.Const($"{Json.Length:x}\r\n{Json}\r\n"),
        Gen.Const("5\r\nhello"),
        Gen.Byte.Array[0, 30].Select(bytes => string.Concat(bytes.Select(one => (char)one))));

    private static readonly Gen<string> Chunked = Gen.Select(
        Chunk.Array[0, 3], Gen.OneOf("", "0\r\n\r\n", "0\r\nx: y\r\n\r\n", "0\r\nx\r\n\r\n", "0\r\n\0\r\n\r\n"), (chunks, end) =>
            $"Transfer-Encoding: chunked\r\n\r\n{string.Concat(chunks)}{end}");

    private static readonly Gen<string> Sized = Gen.Select(
        Gen.OneOf(
            "5", "0", "-1", "+5", "99999999999999999999", "9223372036854775807", "4294967296", "5, 5", "5\r\nContent-Length: 6", "x", "1e3",
            "0x5"),
        Gen.OneOf(
            Json, "", "{", "--b\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\nhel", "--b\r\n\r\n",
            "--b\r\n" + new string('x', 20_000)),
        (length, body) => $"Content-Length: {length}\r\n\r\n{body}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("80000000")]
    [InlineData("7fffffff0")]
    [InlineData("ffffffff")]
    [InlineData("ffffffffffffffffffff")]
    [InlineData("g")]
    public async Task A_chunk_whose_size_cannot_be_is_the_clients_mistake_on_every_route(string size)
    {
        await using var gateway = await GatewayHost.StartAsync();
        foreach (var route in Takers(gateway))
        {
            foreach (var type in (string[])["application/json", "multipart/form-data; boundary=b", "application/x-ndjson"])
            {
                using var client = await RawClient.ConnectAsync(gateway.Url);
                await client.TrySendAsync(
                    $"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nx");
                var answer = await client.ReadToEndAsync();
                Assert.True(RawClient.StatusOf(answer) is >= 200 and < 500, $"{route} {type}: {answer}");
                if (route == "/api/visage/job" && type == "application/json") Assert.Equal(400, RawClient.StatusOf(answer));
            }
        }

        Assert.Empty(gateway.Errors.Lines);
    }

    [Fact]
    public async Task However_a_body_is_framed_it_is_never_the_servers_fault()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var routes = Takers(gateway);

        await Gen.Select(Gen.OneOf(routes), Gen.OneOf(Types), Gen.OneOf(Chunked, Sized)).SampleAsync(
            async (route, type, rest) =>
            {
                using var client = await RawClient.ConnectAsync(gateway.Url);
                var kind = type.Length == 0 ? "" : $"Content-Type: {type}\r\n";
                await client.TrySendAsync($"POST {route} HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=0\r\n{kind}{rest}");
                client.EndSending();
                var answer = await client.ReadToEndAsync();
                // Without an answer the server took the client for gone.
                Assert.True(RawClient.StatusOf(answer) is 0 or >= 200 and < 500, $"{route} {type} {rest}: {answer}");
            },
            iter: 1000,
            threads: 2);

        Assert.Empty(gateway.Errors.Lines);
        await gateway.GetAsync("/health");
    }

    /// <summary>Every route of the server that a POST reaches, with made up values.</summary>
    internal static string[] Takers(GatewayHost gateway) =>
    [
        .. gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Post) == true)
            .SelectMany(route => (string[])[Fill(route, "x"), Fill(route, "translate")]).Distinct(),
    ];

    private static string Fill(RouteEndpoint route, string value) =>
        "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part =>
            part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : value))));
}
