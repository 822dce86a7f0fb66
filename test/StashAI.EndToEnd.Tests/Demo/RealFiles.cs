using StashAI.Server.Demo;
using StashAI.Visage.Models;

[assembly: AssemblyFixture(typeof(StashAI.EndToEnd.Tests.Demo.RealFiles))]

namespace StashAI.EndToEnd.Tests.Demo;

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
        catch (ModelsUnavailableException exception)
        {
            missing = exception.Message;
        }
    }

    public void SkipIfMissing()
    {
        if (missing is not null)
        {
            Assert.Skip(missing);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal DemoInput Samples()
    {
        SkipIfMissing();
        return DemoSamples.Read(PhotosDirectory, SamplePhotos.FileNames);
    }
}
