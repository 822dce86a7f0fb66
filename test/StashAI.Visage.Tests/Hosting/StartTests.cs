using StashAI.Visage.Settings;

namespace StashAI.Visage.Tests.Hosting;

public sealed class StartTests(RealFiles files)
{
    [Fact]
    public async Task A_damaged_gallery_file_stops_the_start_with_a_reason()
    {
        files.SkipIfMissing();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "visage.db"), new string('x', 5000), TestContext.Current.CancellationToken);

        var code = await VisageApp.RunAsync(
            new VisageOptions { Urls = "http://127.0.0.1:0", DataDirectory = folder.Path, ModelsDirectory = files.ModelsDirectory },
            TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
    }
}
