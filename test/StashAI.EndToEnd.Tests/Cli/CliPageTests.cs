using System.Text.RegularExpressions;
using StashAI.Testing.Files;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>The sessions of docs/cli.md, typed into a real shell against a real server.</summary>
[Collection(nameof(CliServer))]
public sealed partial class CliPageTests(CliServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sessions_of_the_page_are_what_happens()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':')
                .Any(folder => File.Exists(Path.Combine(folder, "curl"))), "curl is not installed.");
        using var folder = new TempFolder();
        var blocks = CliPage.Sessions().Where(block => !block.Contains("$ serve\n", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, blocks.Count);
        var page = string.Concat(blocks).TrimEnd('\n').Split('\n');
        var output = await CliPage.RunAsync(
            page,
            $"""
            export STASHAI_URL='{server.Url}' STASHAI_CONFIG_DIR='{folder.File("config")}'
            mend() {'{'} curl -s --data "$1" '{server.MendUrl}' > /dev/null; {'}'}
            """,
            folder,
            Cancellation);

        Assert.Equal(page.Select(Plain), output.Split('\n').Select(Plain));
    }

    /// <summary>Ids and times differ each time, and with them the widths of columns.</summary>
    private static string Plain(string line) => Spaces().Replace(Age().Replace(Id().Replace(line, "ID"), "now"), " ").TrimEnd();

    [GeneratedRegex(@"\b[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"\b\d+s ago")]
    private static partial Regex Age();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
