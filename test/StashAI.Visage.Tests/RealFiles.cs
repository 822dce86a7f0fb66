using StashAI.Visage.Models;

[assembly: AssemblyFixture(typeof(StashAI.Visage.Tests.RealFiles))]

namespace StashAI.Visage.Tests;

/// <summary>The real models and sample photos, fetched once into the user's cache. Without them tests are skipped, in words.</summary>
public sealed class RealFiles : IAsyncLifetime
{
    private string? missing;

    public string ModelsDirectory { get; } = Path.Combine(Cache, "models");

    public string PhotosDirectory { get; } = Path.Combine(Cache, "sample-photos");

    private static string Cache => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "stashai-tests");

    public async ValueTask InitializeAsync()
    {
        try
        {
            await ModelStore.EnsureAsync(ModelsDirectory, null, CancellationToken.None);
            await SamplePhotos.EnsureAsync(PhotosDirectory, null, CancellationToken.None);
        }
        catch (ModelsUnavailableException unavailable)
        {
            missing = unavailable.Message;
        }
    }

    public void SkipIfMissing()
    {
        if (missing is not null)
            Assert.Skip(missing);
    }

    public string PathOf(int sample) => Path.Combine(PhotosDirectory, $"sample{sample}.jpg");

    public byte[] Sample(int number)
    {
        SkipIfMissing();
        return File.ReadAllBytes(PathOf(number));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
