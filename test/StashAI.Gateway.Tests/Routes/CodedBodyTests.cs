using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StashAI.Gateway.Tests.Codings;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Bodies with a Content-Encoding: decoded under the same limits, or refused with what this server can read.</summary>
public sealed class CodedBodyTests
{
    private static readonly string[] Codings = ["gzip", "x-gzip", "GZIP", "deflate", "br", "identity"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_coding_is_decoded_at_every_door()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var photo = GatewayHost.Base64("a photo");
        foreach (var coding in Codings)
        {
            foreach (var (path, body) in new[]
            {
                ("/api/visage/job", $$"""{"images":["{{photo}}"]}"""), ("/api/visage/task", $$"""{"image":"{{photo}}"}"""),
                ("/api/batch", $$"""{"type":"visage.identify","items":["{{photo}}"]}"""),
                ("/api/interactions", """{"session_id":"s","action_type":"a"}"""),
            })
            {
                using var response = await SendAsync(gateway, path, Coded.By(coding, Encoding.UTF8.GetBytes(body)), coding);
                Assert.True(
                    response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.OK,
                    $"{coding} {path}: {await response.Content.ReadAsStringAsync(Cancellation)}");
            }
        }
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, gzip")]
    public async Task Another_coding_is_refused_with_those_that_are_read(string coding)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var response = await SendAsync(gateway, "/api/visage/job", Coded.By("gzip", "{}"u8.ToArray()), coding);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("gzip, deflate, br", response.Headers.GetValues("Accept-Encoding").Single());
        Assert.Contains("Content-Encoding", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_cut_off_anywhere_is_refused_whole()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var body = Encoding.UTF8.GetBytes(
            $"[{string.Join(',', Enumerable.Range(0, 300).Select(i => $$"""{"session_id":"s{{i}}","action_type":"a"}"""))}]"
            + new string(' ', 3000));
        foreach (var coding in new[] { "gzip", "deflate", "br" })
        {
            var coded = Coded.By(coding, body);
            foreach (var length in new[] { 1, 7, coded.Length / 2, coded.Length - 5, coded.Length - 1 })
            {
                using var response = await SendAsync(gateway, "/api/interactions", coded[..length], coding);
                Assert.True((int)response.StatusCode is 415 or 400, $"{coding} {length} of {coded.Length}: {(int)response.StatusCode}");
            }

            using var junk = await SendAsync(gateway, "/api/interactions", [.. coded, 1, 2, 3, 4, 5], coding);
            Assert.Equal(415, (int)junk.StatusCode);
        }

        using var plain = await SendAsync(gateway, "/api/interactions", body, "gzip");
        Assert.Equal(415, (int)plain.StatusCode);
        Assert.Equal(0, (await gateway.GetAsync("/api/interactions")).Whole("total"));
    }

    [Fact]
    public async Task All_members_of_a_gzip_body_are_read()
    {
        await using var gateway = await GatewayHost.StartAsync();
        byte[] coded =
        [
            .. Coded.By("gzip", """[{"session_id":"one","action_type":"a"},"""u8),
            .. Coded.By("gzip", """{"session_id":"two","action_type":"a"}]"""u8),
        ];

        using var response = await SendAsync(gateway, "/api/interactions", coded, "gzip");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(2, (await gateway.GetAsync("/api/interactions")).Whole("total"));
    }

    /// <summary>The two have the same checksum, so the end of the body looks right.</summary>
    [Theory]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("br")]
    public async Task A_second_body_behind_the_first_is_refused(string coding)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var coded = Coded.By(coding, """[{"session_id":"one","action_type":"a"}]"""u8);

        using var response = await SendAsync(
            gateway, "/api/interactions", [.. coded, .. coded], coding.Replace("raw ", "", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("other bytes follow", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, (await gateway.GetAsync("/api/interactions")).Whole("total"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_bomb_ends_early(string coding)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var coded = Bomb(coding);
        using var response = await SendAsync(gateway, "/api/visage/job", coded, coding);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    /// <summary>200 MB of blanks.</summary>
    private static byte[] Bomb(string coding)
    {
        var coded = new MemoryStream();
        using (var stream = Encoder(coding, coded))
        {
            var blanks = new byte[1 << 20];
            Array.Fill(blanks, (byte)' ');
            for (var i = 0; i < 200; i++) stream.Write(blanks);
        }

        return coded.ToArray();
    }

    private static Stream Encoder(string coding, MemoryStream coded) => coding switch
    {
        "deflate" => new ZLibStream(coded, CompressionLevel.Optimal, leaveOpen: true),
        "br" => new BrotliStream(coded, CompressionLevel.Optimal, leaveOpen: true),
        _ => new GZipStream(coded, CompressionLevel.Optimal, leaveOpen: true),
    };

    private static async Task<HttpResponseMessage> SendAsync(GatewayHost gateway, string path, byte[] body, string coding)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await gateway.Http.PostAsync(path, content, Cancellation);
    }
}
