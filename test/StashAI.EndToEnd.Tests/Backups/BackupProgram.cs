using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Backups;

/// <summary>Runs `stashai backup` and `stashai restore` as processes of their own.</summary>
internal static class BackupProgram
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Photos that are so large that each is in a file, with a text of their own.</summary>
    public static IReadOnlyList<string> Photos(int count, int size = 30_000) =>
        [.. Enumerable.Range(0, count).Select(i => $"photo {i} ".PadRight(size, (char)('a' + (i % 26))))];

    /// <summary>Starts a command and does not wait.</summary>
    public static StashAIProcess Launch(params string[] arguments) => LaunchWith([], arguments);

    public static StashAIProcess LaunchWith((string Name, string? Value)[] settings, params string[] arguments) =>
        StashAIProcess.Launch(new StashAIProcessOptions
        {
            Arguments = arguments,
            Environment = settings.ToDictionary(one => one.Name, one => one.Value),
        });

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        await RunWithAsync([], arguments);

    public static async Task<(int Code, string Output, string Error)> RunWithAsync(
        (string Name, string? Value)[] settings, params string[] arguments)
    {
        await using var process = LaunchWith(settings, arguments);
        var code = await process.WaitForExitAsync(Cancellation);
        var output = await process.OutputAsync();
        return (code, output, string.Join('\n', process.StandardError));
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task<string> SucceedAsync(params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code}\n{output}\n{error}");
        return output;
    }

    /// <summary>Everything that a client can read of a job: states, results, and each byte of the inputs.</summary>
    public static async Task<string> ReadAsync(ServedGateway gateway, string job)
    {
        var detail = await gateway.GetAsync($"/api/queue/job/{job}?inputs=full");
        return string.Join(
            '\n',
            detail.GetProperty("tasks").EnumerateArray().Select(task => string.Join(
                ' ', ((string[])["task_id", "status", "output_json", "input_data"]).Select(name => task.GetProperty(name)))));
    }
}
