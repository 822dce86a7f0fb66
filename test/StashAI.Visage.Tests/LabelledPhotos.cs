using System.ComponentModel;

[assembly: AssemblyFixture(typeof(StashAI.Visage.Tests.LabelledPhotos))]

namespace StashAI.Visage.Tests;

/// <summary>
/// Labelled photos from Debian's source package dlib: five people with eleven photos each, one photo of 24 faces, one of
/// dogs. They are fetched with apt into the user's cache; if that fails, the tests are skipped with the reason.
/// </summary>
public sealed class LabelledPhotos : IAsyncLifetime
{
    private static readonly DebianSource Source = new("dlib", "66b4263822a2ff91a3e769e501c7d7927a13089e178c1427ec19cb0475823cf6")
    {
        Files = ["*/examples/johns/*", "*/examples/faces/*.jpg"],
        FoldersToStrip = 2,
    };

    private readonly string cache = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "stashai-tests",
        "dlib");

    private string? skipReason;

    private string Examples => Path.Combine(cache, "examples");

    public async ValueTask InitializeAsync()
    {
        try
        {
            await Source.FetchAsync(Examples);
        }
        catch (Exception exception)
            when (exception is IOException or Win32Exception or InvalidOperationException or UnauthorizedAccessException)
        {
            skipReason = $"The labelled photos of Debian's source package dlib could not be fetched: {exception.Message}";
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public byte[] GroupPhoto() => Read("faces/bald_guys.jpg");

    public byte[] DogPhoto() => Read("faces/dogs.jpg");

    /// <summary>The photos of each of the five people, by the name of their folder.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<byte[]>> PeopleFolders()
    {
        SkipIfMissing();
        return Directory.EnumerateDirectories(Path.Combine(Examples, "johns")).Order(StringComparer.Ordinal).ToDictionary(
            folder => Path.GetFileName(folder),
            folder => (IReadOnlyList<byte[]>)[.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]);
    }

    public void SkipIfMissing()
    {
        if (skipReason is not null)
            Assert.Skip(skipReason);
    }

    private byte[] Read(string name)
    {
        SkipIfMissing();
        return File.ReadAllBytes(Path.Combine(Examples, name));
    }
}
