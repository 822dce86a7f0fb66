using StashAI.Client.Errors;
using StashAI.Client.Submit;
using StashAI.Testing.Files;

namespace StashAI.Client.Tests;

/// <summary>The examples of docs/clients.md: what stands there stands here, and runs.</summary>
public sealed class PageExampleTests(RunningServer server)
{
    private const string Fence = "```csharp\n";

    [Fact]
    public async Task Texts_are_submitted_followed_and_read()
    {
        var (url, key) = (server.Url, (string?)null);
        using var client = new StashClient(new Uri(url), new StashClientOptions { Key = key });
        var submission = await client.SubmitTextsAsync("echo.up", ["good morning", "good night"], new SubmitOptions { Name = "Greetings" });
        await foreach (var progress in client.WatchAsync(submission.JobId))
            Console.WriteLine($"{progress.State}: {progress.CompletedTasks} of {progress.TotalTasks}");
        await foreach (var result in client.ResultsAsync(submission.JobId))
            Console.WriteLine($"{result.Index}: {result.Output?.GetProperty("upper")}");
        Assert.Equal(2, submission.TotalTasks);
    }

    [Fact]
    public async Task Files_keep_their_names()
    {
        using var photos = new TempFolder();
        await File.WriteAllTextAsync(photos.File("ann.jpg"), "a photo", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(photos.File("bob.jpg"), "a photo", TestContext.Current.CancellationToken);
        var (url, folder) = (server.Url, photos.Path);
        using var client = new StashClient(new Uri(url));
        var submission = await client.SubmitFilesAsync("echo.tag", Directory.EnumerateFiles(folder, "*.jpg").Order());
        var end = await client.WaitAsync(submission.JobId);
        var names = await client.ResultsAsync(submission.JobId).Select(result => result.ItemName).ToListAsync();
        Assert.Equal(["ann.jpg", "bob.jpg"], names);
        Assert.Equal(2, end.CompletedTasks);
    }

    [Fact]
    public async Task Errors_name_their_fields()
    {
        var url = server.Url;
        using var client = new StashClient(new Uri(url));
        try
        {
            await client.SubmitTextsAsync("echo.up", ["fine", ""], new SubmitOptions { Priority = 12 });
        }
        catch (StashInvalidRequestException exception)
        {
            foreach (var error in exception.Errors) Console.WriteLine($"{error.Field}: {error.Reason}");
            Assert.Contains(exception.Errors, error => error.Field == "config.priority");
            return;
        }

        Assert.Fail("The priority was accepted.");
    }

    [Fact]
    public void Every_example_of_the_page_is_one_of_these()
    {
        // What a test adds is left out line by line.
        var code = Lines(SourceTree.Read("test/StashAI.Client.Tests/PageExampleTests.cs")).ToList();
        var blocks = SourceTree.Read("docs/clients.md").Split(Fence)[1..]
            .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).ToList();

        Assert.Equal(3, blocks.Count);
        Assert.All(blocks, block => Assert.Empty(Lines(block).Except(code)));
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
}
