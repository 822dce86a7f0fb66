using System.Diagnostics;
using System.Text.RegularExpressions;
using StashAI.Gateway.Tests.Routes;
using StashAI.Sdk;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Docs;

/// <summary>The section "In code" of docs/adapter-guide.md works as it is typed, inside a checkout and outside.</summary>
public sealed partial class CodeAdapterGuideTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_adapter_of_the_guide_is_built_and_loaded(bool isInCheckout)
    {
        using var outside = new TempFolder();
        var folder = isInCheckout
            ? Directory.CreateDirectory(Path.Combine(SourceTree.Folder, "artifacts", $"guide-{Guid.NewGuid():N}")).FullName
            : outside.Folder("guide");
        try
        {
            await TypeAsync(folder);
            await using var gateway = await GatewayHost.StartAsync(
                new() { ["ADAPTERS_DIR"] = Path.Combine(folder, "data", "adapters"), ["SERVICES_DIR"] = outside.Folder("services") });

            var services = await gateway.Http.GetStringAsync("/api/services", Cancellation);

            Assert.Contains("\"shout_batch_up\"", services, StringComparison.Ordinal);
        }
        finally
        {
            if (isInCheckout) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Does what the section says, up to the start of the server.</summary>
    private static async Task TypeAsync(string folder)
    {
        var sdk = typeof(IServiceAdapter).Assembly.Location;
        File.Copy(sdk, Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "out")).FullName, Path.GetFileName(sdk)));
        var page = SourceTree.Read("docs/adapter-guide.md");
        foreach (Match block in Block().Matches(page[page.IndexOf("## In code", StringComparison.Ordinal)..]))
        {
            var (language, code) = (block.Groups[1].Value, block.Groups[2].Value);
            if (language == "sh")
            {
                await RunAsync(
                    string.Join('\n', code.Split('\n').TakeWhile(line => !line.StartsWith("./out/stashai", StringComparison.Ordinal))),
                    folder);
            }
            else
            {
                await File.WriteAllTextAsync(Path.Combine(folder, Place().Match(code).Value), code, Cancellation);
            }
        }
    }

    private static async Task RunAsync(string script, string folder)
    {
        var start = new ProcessStartInfo("sh", ["-ec", script]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var shell = Process.Start(start)!;
        var output = await shell.StandardOutput.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);
        Assert.True(shell.ExitCode == 0, output);
    }

    [GeneratedRegex("^```(\\w+)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    /// <summary>The file that the first line of a block names.</summary>
    [GeneratedRegex(@"shout/[\w.]+")]
    private static partial Regex Place();
}
