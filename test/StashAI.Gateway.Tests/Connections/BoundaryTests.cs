using System.Text;
using CsCheck;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Tests.Routes.Gallery;
using StashAI.Gateway.Tests.Services;

namespace StashAI.Gateway.Tests.Connections;

/// <summary>
/// Boundaries of forms. RFC 2046 allows 70 characters, some clients send more, and the framework's reader fails at some thousands.
/// </summary>
public sealed class BoundaryTests
{
    private const string Yaml = """
        name: files
        url: ${ECHO_URL}
        operations: {raw: {item: file, request: {path: /raw, raw: {file: item}}}}

        """;

    private static readonly string[] Paths = ["/api/files/batch/raw", "/api/people", "/v1/files"];

    private static readonly Gen<int> Length = Gen.OneOf(Gen.Int[1, 300], Gen.Int[4000, 9000]);

    private static readonly Gen<int> TooLong = Gen.OneOf(Gen.Int[201, 300], Gen.Int[4000, 9000]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_is_read_with_200_characters_and_refused_beyond_them()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Gateway.Visage.Script = call => ScriptedGallery.Answer(call, host.Gateway.Visage.Url);

        await Gen.Select(Gen.OneOf(Paths), Length).SampleAsync(
            async (path, length) =>
            {
                var (status, text) = await PostAsync(host.Gateway, path, length);
                Assert.True(
                    length <= 200 ? status < 300 : status == 400 && text.Contains("200 are the most", StringComparison.Ordinal),
                    $"{path} {length}: {status} {text}");
            },
            iter: 150,
            threads: 2);

        Assert.Empty(host.Gateway.Errors.Lines);
    }

    [Fact]
    public async Task No_route_fails_at_a_boundary_however_long_it_is()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var routes = MalformedBodyTests.Takers(gateway);

        await Gen.Select(Gen.OneOf(routes), TooLong).SampleAsync(
            async (path, length) =>
            {
                var (status, text) = await PostAsync(gateway, path, length);
                Assert.True(status < 500, $"{path} {length}: {status} {text}");
            },
            iter: 500,
            threads: 2);

        Assert.Empty(gateway.Errors.Lines);
    }

    private static async Task<(int Status, string Text)> PostAsync(GatewayHost gateway, string path, int length)
    {
        var boundary = new string('b', length);
        var form = new StringBuilder(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\nx\r\n");
        if (path == "/v1/files") form.Append($"--{boundary}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n");
        form.Append($"--{boundary}--\r\n");
        using var content = new StringContent(form.ToString());
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
        using var answer = await gateway.Http.PostAsync(path, content, Cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
