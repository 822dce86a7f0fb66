using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace StashAI.Visage.Tests.Api;

/// <summary>Bodies with a Content-Encoding at the service's own door: decoded whole, or refused with what it can read.</summary>
public sealed class CodedBodyTests(RealFiles files)
{
    private static readonly string Person =
        $$"""{"name":"Ada","faces":[{"embedding":"{{Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([1, .. new float[511]]))}}"}]}""";

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task A_coded_body_is_decoded(string coding)
    {
        await using var server = await VisageServer.StartAsync(files);

        Assert.Equal(201, (await SendAsync(server, Coded(coding, Person), coding)).Status);
    }

    [Fact]
    public async Task All_members_of_a_gzip_body_are_read()
    {
        await using var server = await VisageServer.StartAsync(files);

        Assert.Equal(201, (await SendAsync(server, [.. Coded("gzip", Person[..100]), .. Coded("gzip", Person[100..])], "gzip")).Status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_body_that_is_cut_off_or_followed_by_other_bytes_is_refused(string coding)
    {
        await using var server = await VisageServer.StartAsync(files);
        var coded = Coded(coding, Person + new string(' ', 3000));

        foreach (var body in (byte[][])[coded[..1], coded[..(coded.Length / 2)], coded[..^1], [.. coded, 0], [.. coded, .. coded[^8..]]])
            Assert.Equal(415, (await SendAsync(server, body, coding)).Status);

        Assert.Equal(415, (await SendAsync(server, Encoding.UTF8.GetBytes(Person), coding)).Status);
        Assert.Equal(0, (await server.GetAsync("/health"))["people"].GetValue<int>());
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, br")]
    public async Task Another_coding_is_refused_with_those_that_are_read(string coding)
    {
        await using var server = await VisageServer.StartAsync(files);

        var answer = await SendAsync(server, Coded("gzip", Person), coding);

        Assert.Equal(415, answer.Status);
        Assert.Equal("gzip, deflate, br", answer.Headers.GetValues("Accept-Encoding").Single());
        Assert.Contains(coding, answer.Detail, StringComparison.Ordinal);
    }

    private static byte[] Coded(string coding, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (coding == "identity") return bytes;
        using var coded = new MemoryStream();
        using (Stream stream = coding switch
        {
            "deflate" => new ZLibStream(coded, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(coded, CompressionLevel.Optimal, leaveOpen: true),
            _ => new GZipStream(coded, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            stream.Write(bytes);
        }

        return coded.ToArray();
    }

    private static async Task<Answer> SendAsync(VisageServer server, byte[] body, string coding)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await server.SendAsync(HttpMethod.Post, "/api/gallery/people", content);
    }
}
