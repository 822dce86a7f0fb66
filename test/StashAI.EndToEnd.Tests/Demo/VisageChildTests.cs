using System.Diagnostics;
using System.Threading.Channels;
using StashAI.Server.Processes;

namespace StashAI.EndToEnd.Tests.Demo;

/// <summary>The supervisor with the real Visage service.</summary>
public sealed class VisageChildTests(RealFiles files)
{
    [Fact]
    public async Task A_killed_service_comes_back_and_answers_again()
    {
        await using var visage = await RealVisage.StartAsync(files);
        using var http = new HttpClient();
        Assert.Contains("healthy", await http.GetStringAsync(
            new Uri(visage.Address, "/health"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var addresses = Channel.CreateUnbounded<Uri?>();
        visage.Child.AddressChanged += address => addresses.Writer.TryWrite(address);

        Process.GetProcessById(visage.Child.ProcessId!.Value).Kill();

        Assert.Null(await addresses.Reader.ReadAsync(TestContext.Current.CancellationToken));
        var again = await addresses.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Contains("healthy", await http.GetStringAsync(
            new Uri(again!, "/health"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_ends_by_itself_when_its_parent_is_gone()
    {
        files.SkipIfMissing();
        var folder = Directory.CreateTempSubdirectory("stashai-test-");
        try
        {
            var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var child = ChildProcess.Start(
                RealVisage.Program,
                [
                    "visage", "--urls", "http://127.0.0.1:0", "--data", folder.FullName, "--models", files.ModelsDirectory,
                    "--exit-with-stdin",
                ],
                new Dictionary<string, string?>(),
                line =>
                {
                    if (line.StartsWith("Visage is ready at", StringComparison.Ordinal))
                    {
                        ready.TrySetResult();
                    }
                },
                TimeProvider.System);
            await ready.Task.WaitAsync(TestContext.Current.CancellationToken);

            // What the kernel does with our end of the pipe when we are killed.
            await child.StopAsync(TimeSpan.FromMinutes(1));

            Assert.Equal(0, await child.Exited);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
