using StashAI.Testing.Files;

namespace StashAI.Client.Tests;

/// <summary>The examples of docs/clients.md compile and run: they are those of <see cref="PageExamples"/>.</summary>
public sealed class PageExampleTests(RunningServer server)
{
    private const string Fence = "```csharp\n";

    [Fact]
    public async Task Texts_are_submitted_followed_and_read() => Assert.Equal(2, await PageExamples.GreetAsync(server.Url, null));

    [Fact]
    public async Task Files_keep_their_names()
    {
        using var photos = new TempFolder();
        await File.WriteAllTextAsync(photos.File("ann.jpg"), "a photo", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(photos.File("bob.jpg"), "a photo", TestContext.Current.CancellationToken);

        var (completed, names) = await PageExamples.SendFilesAsync(server.Url, photos.Path);

        Assert.Equal(["ann.jpg", "bob.jpg"], names);
        Assert.Equal(2, completed);
    }

    [Fact]
    public async Task Errors_name_their_fields() => Assert.Contains("config.priority", await PageExamples.NameErrorsAsync(server.Url));

    [Fact]
    public void Every_example_of_the_page_is_one_of_these()
    {
        var code = Lines(SourceTree.Read("test/StashAI.Client.Tests/PageExamples.cs")).ToList();
        var blocks = SourceTree.Read("docs/clients.md").Split(Fence)[1..]
            .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).ToList();

        Assert.Equal(3, blocks.Count);
        Assert.All(blocks, block => Assert.Empty(Lines(block).Except(code)));
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
}
