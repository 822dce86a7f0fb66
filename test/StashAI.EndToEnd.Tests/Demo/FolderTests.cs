using SkiaSharp;
using StashAI.Server.Demo;
using StashAI.Server.Exits;

namespace StashAI.EndToEnd.Tests.Demo;

public sealed class FolderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("stashai-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Two_demos_at_once_have_folders_of_their_own_and_an_abandoned_one_is_removed()
    {
        var abandoned = Directory.CreateDirectory(Path.Combine(folder.FullName, "demo", "run-1"));
        File.WriteAllText(Path.Combine(abandoned.FullName, "queue.db"), "old");

        using var first = DemoFolder.Create(folder.FullName);
        using (var second = DemoFolder.Create(folder.FullName))
        {
            Assert.NotEqual(first.Run, second.Run);
        }

        Assert.False(File.Exists(Path.Combine(first.Run, "queue.db")));
        Assert.Equal([first.Run], Directory.GetDirectories(first.Home));
        first.Dispose();
        Assert.Empty(Directory.GetDirectories(first.Home));
    }

    [Fact]
    public void Own_photos_are_found_and_what_cannot_be_used_is_named_with_the_reason()
    {
        var people = folder.CreateSubdirectory("people");
        Picture(Path.Combine(people.CreateSubdirectory("Ann").FullName, "a.png"), 8, 6);
        people.CreateSubdirectory("Bob");
        var photos = folder.CreateSubdirectory("photos");
        Picture(Path.Combine(photos.CreateSubdirectory("2024").FullName, "party.png"), 30, 20);
        File.WriteAllText(Path.Combine(photos.FullName, "notes.txt"), "no picture");
        File.WriteAllText(Path.Combine(photos.FullName, "empty.jpg"), "");

        var input = OwnPhotos.Read(photos.FullName, people.FullName);

        Assert.Equal(["Ann"], input.People.Select(person => person.Name));
        Assert.Equal((Path.Combine("2024", "party.png"), 30, 20), (input.Photos[0].Name, input.Photos[0].Width, input.Photos[0].Height));
        Assert.Equal(
            [
                new SkippedPhoto("Bob", "the folder of this person has no usable photo"),
                new SkippedPhoto("empty.jpg", "the file is empty"),
                new SkippedPhoto("notes.txt", "not a readable picture (JPEG, PNG, WebP, BMP or GIF)"),
            ],
            input.Skipped);
    }

    [Fact]
    public void Folders_without_anything_usable_are_refused_in_words()
    {
        var empty = folder.CreateSubdirectory("empty").FullName;
        var people = folder.CreateSubdirectory("people");
        Picture(Path.Combine(people.CreateSubdirectory("Ann").FullName, "a.png"), 8, 6);

        Assert.Contains(
            "create a folder per person",
            Assert.Throws<StartException>(() => OwnPhotos.Read(empty, empty)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "has no photo that can be used",
            Assert.Throws<StartException>(() => OwnPhotos.Read(empty, people.FullName)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_in_the_report_are_text_and_never_markup()
    {
        var path = Path.Combine(folder.FullName, "x.png");
        Picture(path, 64, 48);
        var photo = new DemoPhoto(path, "<b>&\".png", 64, 48);
        var face = new DemoFace(new FaceBox(1, 2, 10, 12), new FaceMatch("id", "<script>alert(1)</script>", 100));
        var outcome = new DemoOutcome(
            "j1", [new EnrolledPerson("<i>Ann</i>", [photo], null)],
            [new PhotoResult(photo, [face], 12, null), new PhotoResult(photo, [], null, "<u>failed</u>")],
            [new SkippedPhoto("<s>.txt", "<a>")], TimeSpan.FromSeconds(1), DateTimeOffset.UnixEpoch, 0.5);
        var report = Path.Combine(folder.FullName, "report.html");

        await HtmlReport.WriteFileAsync(report, outcome, TestContext.Current.CancellationToken);

        var html = await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken);
        Assert.All(
            (string[])["<script", "<i>", "<u>", "<s>", "<a>", "<b>&amp;&quot;"],
            markup => Assert.DoesNotContain(markup, html, StringComparison.Ordinal));
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("&gt; 99 %", html, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.FullName).Length);
    }

    [Fact]
    public async Task A_report_to_a_device_is_written_into_it_and_does_not_take_its_place()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no /dev/shm, whose files can be looked at.");
        var device = $"/dev/shm/stashai-test-{Guid.NewGuid():N}";
        try
        {
            await File.WriteAllTextAsync(device, "", TestContext.Current.CancellationToken);
            await using var opened = new FileStream(device, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await HtmlReport.WriteFileAsync(
                device, new DemoOutcome("j1", [], [], [], TimeSpan.FromSeconds(1), DateTimeOffset.UnixEpoch, 0.5),
                TestContext.Current.CancellationToken);

            using var reader = new StreamReader(opened);
            Assert.Contains("</html>", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(device);
        }
    }

    [Fact]
    public void A_photo_is_made_smaller_and_cut_where_asked()
    {
        var path = Path.Combine(folder.FullName, "x.png");
        Picture(path, 300, 200);
        var photo = PhotoFile.Inspect(path, "x.png").Photo!;

        using var whole = SKBitmap.Decode(PhotoFile.RenderJpeg(photo, 150));
        using var part = SKBitmap.Decode(PhotoFile.RenderJpeg(photo, 150, new SKRectI(10, 10, 60, 60)));

        Assert.Equal((150, 100), (whole.Width, whole.Height));
        Assert.Equal((50, 50), (part.Width, part.Height));
    }

    private static void Picture(string path, int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.SteelBlue);
        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
