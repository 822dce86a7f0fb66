using System.Text.Json;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>
/// The session of docs/cli.md in which a server dies in the middle of 10,000 prompts: real processes, the included declaration of
/// <c>chat</c>, and a scripted fake of a server in OpenAI's form.
/// </summary>
public sealed class PromptSessionTests
{
    private const int Prompts = 10_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task Ten_thousand_prompts_are_answered_in_order_though_the_server_is_killed()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, "curl"))),
            "curl is not installed.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var folder = new TempFolder();
        using var halfway = new Gate();
        await using var fake = await ScriptedService.StartAsync(new ScriptedServiceOptions { Item = call => call.Path }, limit.Token);
        var asked = 0;
        fake.Script = call =>
        {
            if (call.Path == "/halfway") return Reply.Hold(halfway, Reply.Json("{}"));
            if (Interlocked.Increment(ref asked) == Prompts / 2) halfway.Open();
            return Reply.Json(Answer(call.Text));
        };
        var page = Assert.Single(CliPage.Sessions(), block => block.Contains("$ serve\n", StringComparison.Ordinal))
            .TrimEnd('\n').Split('\n');
        var prelude = string.Join('\n', [
            $"export STASHAI_CONFIG_DIR='{folder.File("config")}' SERVICES_DIR='{Path.Combine(SourceTree.Folder, "services")}'",
            $"export CHAT_API_URL='{fake.Url}'; unset STASHAI_URL",
            SourceTree.Read("test/StashAI.EndToEnd.Tests/Cli/prompts.sh"),
        ]);

        var output = await CliPage.RunAsync(page, prelude, folder, limit.Token);

        Assert.Equal(page, output.Split('\n'));
        // Only what ran when the server died, or waited for its commit, was asked twice: half of the prompts had been answered.
        Assert.InRange(asked, Prompts, Prompts + (Prompts / 10));
    }

    private static string Answer(string request)
    {
        using var body = JsonDocument.Parse(request);
        var prompt = body.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString();
        var text = JsonSerializer.Serialize($"You said: {prompt}");
        return $$$"""{"choices":[{"index":0,"message":{"role":"assistant","content":{{{text}}}},"finish_reason":"stop"}],"usage":{"total_tokens":7}}""";
    }
}
