using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Gateway;

/// <summary>A server that cannot start says why in one sentence.</summary>
public sealed class StartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_in_use_is_named_in_one_sentence()
    {
        await using var gateway = await ServedGateway.StartAsync();

        await using var second = Launch("--urls", gateway.Process.Url);

        Assert.Equal(1, await second.WaitForExitAsync(Cancellation));
        var sentence = Assert.Single(Sentences(second));
        Assert.Contains(new Uri(gateway.Process.Url).Authority, sentence, StringComparison.Ordinal);
        Assert.Contains("in use", sentence, StringComparison.Ordinal);
        Assert.Equal("healthy", (await gateway.GetAsync("/health")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0")]
    public async Task A_server_without_a_key_stays_on_this_machine(string urls)
    {
        await using var process = Launch("--urls", urls);

        Assert.Equal(2, await process.WaitForExitAsync(Cancellation));
        Assert.Contains("ALLOW_ANONYMOUS", Assert.Single(Sentences(process)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", null, null, "other machines nothing", "`stashai keys create --name me --scope admin`")]
    [InlineData("127.0.0.1", null, "lan", "may read and submit", "`docker compose exec stash-ai-server /app/stashai keys create")]
    [InlineData("0.0.0.0", null, "lan", "may read and submit", "`docker compose exec stash-ai-server /app/stashai keys create")]
    [InlineData("127.0.0.1", "admin:a-key-of-the-environment", null, "Every request needs an API key", "")]
    [InlineData("0.0.0.0", "admin:a-key-of-the-environment", null, "Every request needs an API key", "")]
    [InlineData("0.0.0.0", "admin:a-key-of-the-environment", "lan", "may read and submit", "for all else they need one")]
    public async Task The_first_lines_of_the_log_say_who_is_let_in_and_how_to_get_a_key(
        string host, string? keys, string? anonymous, string whom, string how)
    {
        using var folder = new TempFolder();
        await using var server = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments = ["serve", "--urls", $"http://{host}:0", "--data", folder.File("data"), "--visage-url", "http://127.0.0.1:9"],
                Environment = new Dictionary<string, string?> { ["API_KEYS"] = keys, ["ALLOW_ANONYMOUS"] = anonymous },
                Folder = folder.Path,
            },
            Cancellation);

        await server.SignalAsync(UnixSignal.Terminate, Cancellation);
        await server.WaitForExitAsync(Cancellation);
        await server.OutputAsync();
        Assert.Contains(
            server.StandardError.Take(12),
            line => line.Contains(whom, StringComparison.Ordinal) && line.Contains(how, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("TRUST_LAN", "perhaps")]
    [InlineData("RETENTION_FAILED_DAYS", "soon")]
    [InlineData("WORKER_LABELS", "big one")]
    [InlineData("VISAGE_RATE_BURST", "5")]
    [InlineData("API_KEYS_FILE", "/nowhere/at/all")]
    public async Task An_unusable_setting_is_named_in_one_sentence(string name, string value)
    {
        await using var process = StashAIProcess.Launch(new StashAIProcessOptions
        {
            Arguments = ["serve", "--urls", "http://127.0.0.1:0", "--visage-url", "http://127.0.0.1:9"],
            Environment = new Dictionary<string, string?> { [name] = value },
        });

        Assert.Equal(2, await process.WaitForExitAsync(Cancellation));
        await process.OutputAsync();
        Assert.Contains(name, Assert.Single(Sentences(process)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_of_the_python_server_is_told_of_once_and_ignored()
    {
        await using var gateway = await ServedGateway.StartAsync(settings: [("PYTHONPATH", "/app")]);
        await using var worker = await gateway.WorkAsync(1);

        foreach (var process in (StashAIProcess[])[gateway.Process, worker])
        {
            await process.SignalAsync(UnixSignal.Terminate, Cancellation);
            await process.WaitForExitAsync(Cancellation);
            await process.OutputAsync();
            Assert.Single(process.StandardError, line => line.Contains("PYTHONPATH", StringComparison.Ordinal));
        }
    }

    private static StashAIProcess Launch(params string[] arguments) =>
        StashAIProcess.Launch(new StashAIProcessOptions { Arguments = ["serve", "--visage-url", "http://127.0.0.1:9", .. arguments] });

    /// <summary>What is written for the user; log lines begin with a time.</summary>
    private static List<string> Sentences(StashAIProcess process) =>
        [.. process.StandardError.Where(line => line.Length > 0 && !char.IsAsciiDigit(line[0]))];
}
