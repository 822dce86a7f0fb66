using StashAI.Visage.Models;

[assembly: AssemblyFixture(typeof(StashAI.Visage.Tests.RealFiles))]

namespace StashAI.Visage.Tests;

/// <summary>
/// The real models and sample photos, fetched once into the user's cache. If that fails, the tests are skipped with the reason.
/// </summary>
public sealed class RealFiles : IAsyncLifetime
{
    private string? skipReason;

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
            skipReason = exception.Message;
        }
    }

    public void SkipIfMissing()
    {
        if (skipReason is not null)
            Assert.Skip(skipReason);
    }

    public string PathOf(int sample) => Path.Combine(PhotosDirectory, $"sample{sample}.jpg");

    public byte[] Sample(int number)
    {
        SkipIfMissing();
        return File.ReadAllBytes(PathOf(number));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
