using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using StashAI.Visage.Detection;
using StashAI.Visage.Recognition;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Recognition;

public sealed class RecentPhotosTests(RealFiles files)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recent_photos_are_not_analysed_again()
    {
        await using var server = await VisageServer.StartAsync(files);
        var photos = server.Services.GetRequiredService<RecentPhotos>();
        var first = await LookAsync(photos, 0);

        for (var i = 1; i < 8; i++) await LookAsync(photos, i);
        Assert.Same(first, await LookAsync(photos, 0));
        // It was used recently, so the photo used before it is removed from the cache.
        var second = await LookAsync(photos, 1);
        for (var i = 8; i < 15; i++) await LookAsync(photos, i);

        Assert.Same(second, await LookAsync(photos, 1));
        Assert.NotSame(first, await LookAsync(photos, 0));
        Assert.NotSame(second, await photos.AnalyseAsync(Picture(1), DetectionDetail.Fine, Cancellation));
    }

    private static Task<AnalysedPhoto> LookAsync(RecentPhotos photos, int number) =>
        photos.AnalyseAsync(Picture(number), DetectionDetail.Fast, Cancellation);

    private static byte[] Picture(int number)
    {
        using var bitmap = new SKBitmap(32 + number, 32, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(TestPictures.Blue);
        return TestPictures.Encode(bitmap, SKEncodedImageFormat.Png);
    }
}
