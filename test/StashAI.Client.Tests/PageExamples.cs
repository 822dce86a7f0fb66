using StashAI.Client.Errors;
using StashAI.Client.Submit;

namespace StashAI.Client.Tests;

/// <summary>The examples of docs/clients.md, line by line, with what they need around them.</summary>
internal static class PageExamples
{
    public static async Task<int> GreetAsync(string url, string? key)
    {
        using var client = new StashClient(new Uri(url), new StashClientOptions { Key = key });
        var submission = await client.SubmitTextsAsync("echo.up", ["good morning", "good night"], new SubmitOptions { Name = "Greetings" });
        await foreach (var progress in client.WatchAsync(submission.JobId))
            Console.WriteLine($"{progress.State}: {progress.CompletedTasks} of {progress.TotalTasks}");
        await foreach (var result in client.ResultsAsync(submission.JobId))
            Console.WriteLine($"{result.Index}: {result.Output?.GetProperty("upper")}");
        return submission.TotalTasks;
    }

    public static async Task<(int Completed, IReadOnlyList<string?> Names)> SendFilesAsync(string url, string folder)
    {
        using var client = new StashClient(new Uri(url));
        var submission = await client.SubmitFilesAsync("echo.tag", Directory.EnumerateFiles(folder, "*.jpg").Order());
        var end = await client.WaitAsync(submission.JobId);
        var names = await client.ResultsAsync(submission.JobId).Select(result => result.ItemName).ToListAsync();
        return (end.CompletedTasks, names);
    }

    public static async Task<IReadOnlyList<string?>> NameErrorsAsync(string url)
    {
        using var client = new StashClient(new Uri(url));
        try
        {
            await client.SubmitTextsAsync("echo.up", ["fine", ""], new SubmitOptions { Priority = 12 });
        }
        catch (StashInvalidRequestException exception)
        {
            foreach (var error in exception.Errors) Console.WriteLine($"{error.Field}: {error.Reason}");
            return [.. exception.Errors.Select(error => error.Field)];
        }

        return [];
    }
}
