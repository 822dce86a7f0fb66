using System.Net.Http.Headers;
using SkiaSharp;
using StashAI.Visage.Tests.Formats;

namespace StashAI.Visage.Tests.Api;

/// <summary>Previews that the gateway asks for.</summary>
public sealed class PreviewTests(RealFiles files, EncodedPhotos photos) : IAsyncLifetime
{
    private VisageServer server = null!;

    public async ValueTask InitializeAsync() => server = await VisageServer.StartAsync(files);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("avif")]
    [InlineData("turned-tiff")]
    public async Task A_preview_is_small_and_upright(string form)
    {
        using var content = Photo(await photos.ReadAsync(files, 1, form));
        using var answer = await server.Client.PostAsync("/api/preview", content, TestContext.Current.CancellationToken);
        var jpeg = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.MediaType);
        using var small = SKBitmap.Decode(jpeg);
        Assert.Equal((1024, 683), (small.Width, small.Height));
        using var original = SKBitmap.Decode(files.Sample(1));
        foreach (var (x, y) in new[] { (0.25f, 0.25f), (0.75f, 0.5f), (0.5f, 0.9f) })
        {
            var expected = original.GetPixel((int)(x * original.Width), (int)(y * original.Height));
            var actual = small.GetPixel((int)(x * small.Width), (int)(y * small.Height));
            Assert.InRange(Math.Abs(expected.Red - actual.Red) + Math.Abs(expected.Green - actual.Green), 0, 80);
        }
    }

    [Fact]
    public async Task What_cannot_be_shown_is_refused()
    {
        using var nothing = Photo("no picture"u8.ToArray());
        using var json = new StringContent("{}", new MediaTypeHeaderValue("application/json"));

        var refused = await server.SendAsync(HttpMethod.Post, "/api/preview", nothing);
        var unknown = await server.SendAsync(HttpMethod.Post, "/api/preview", json);

        Assert.Equal((422, "body"), (refused.Status, refused["field"].GetValue<string>()));
        Assert.Equal(415, unknown.Status);
    }

    private static ByteArrayContent Photo(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
}
