using System.Diagnostics;
using SkiaSharp;
using StashAI.Visage.Import;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Gallery;

public sealed class FolderImportTests(RealFiles files)
{
    [Fact]
    public async Task A_folder_of_people_is_enrolled_and_a_second_time_changes_nothing()
    {
        await using var server = await VisageServer.StartAsync(files);
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["Ada"]);
        Directory.CreateDirectory(folder["Bob"]);
        await WriteAsync(folder["Ada/1.jpg"], Face(1, 1420, 120));
        await WriteAsync(folder["Ada/2.JPG"], Face(3, 980, 120));
        await WriteAsync(folder["Ada/notes.txt"], "no photo"u8.ToArray());
        await WriteAsync(folder["Bob/empty.jpg"], TestPictures.Landscape());

        for (var time = 0; time < 2; time++)
        {
            var photos = new List<ImportedPhoto>();
            await foreach (var photo in new FolderImport(server.Client).RunAsync(folder.Path, TestContext.Current.CancellationToken))
                photos.Add(photo);

            Assert.Equal(["Ada", "Ada", "Bob"], photos.Select(photo => photo.Person));
            Assert.Equal([true, true, false], photos.Select(photo => photo.Refusal is null));
            Assert.Contains("no face", photos[2].Refusal, StringComparison.Ordinal);
            var health = await server.GetAsync("/health");
            Assert.Equal((1, 2), (health["people"].GetValue<int>(), health["faces"].GetValue<int>()));
        }
    }

    [Fact]
    public async Task A_pipe_a_device_and_a_folder_among_the_photos_are_reported_and_hold_nothing_up()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The kinds of files are those of Linux.");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["Ada"]);
        using (var made = Process.Start("mkfifo", [folder["Ada/1.jpg"]]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        File.CreateSymbolicLink(folder["Ada/2.jpg"], "/dev/zero");
        File.CreateSymbolicLink(folder["Ada/3.jpg"], folder["Ada/gone.jpg"]);
        using var client = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:9") };

        var photos = await Task.Run(
            () => new FolderImport(client).RunAsync(folder.Path, TestContext.Current.CancellationToken).ToListAsync().AsTask())
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal([folder["Ada/1.jpg"], folder["Ada/2.jpg"], folder["Ada/3.jpg"]], photos.Select(photo => photo.File));
        Assert.Collection(
            photos.Select(photo => photo.Refusal!),
            refusal => Assert.Contains("named pipe", refusal, StringComparison.Ordinal),
            refusal => Assert.Contains("device", refusal, StringComparison.Ordinal),
            refusal => Assert.Contains("cannot be opened", refusal, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_without_people_is_refused_with_a_reason()
    {
        using var folder = new TemporaryFolder();
        using var client = new HttpClient();
        var refused = await Assert.ThrowsAsync<DirectoryNotFoundException>(
            async () => await new FolderImport(client).RunAsync(folder.Path, TestContext.Current.CancellationToken)
                .GetAsyncEnumerator(TestContext.Current.CancellationToken).MoveNextAsync());
        Assert.Contains("a folder for each person", refused.Message, StringComparison.Ordinal);
    }

    private static Task WriteAsync(string path, byte[] content) =>
        File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);

    private byte[] Face(int sample, int x, int y)
    {
        using var photo = SKBitmap.Decode(files.Sample(sample));
        using var part = new SKBitmap();
        Assert.True(photo.ExtractSubset(part, SKRectI.Create(x, y, 440, 480)));
        return TestPictures.Encode(part);
    }
}
