using StashAI.Server.Demo;
using StashAI.Server.Exits;
using StashAI.Server.Processes;

namespace StashAI.EndToEnd.Tests.Demo;

/// <summary>How the demo starts and watches a server; shell scripts say what a server may say.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("stashai-test-");

    private string LogPath => Path.Combine(folder.FullName, "server.log");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task It_is_ready_when_both_the_gateway_and_the_face_service_are()
    {
        await using (var server = await StartAsync(
            "echo 'info: Visage[0] Visage is ready at http://127.0.0.1:4001'; echo 'StashAI Server is ready at http://127.0.0.1:4002'; "
            + "cat > /dev/null; echo bye"))
        {
            Assert.Equal(new Uri("http://127.0.0.1:4001"), server.Visage);
            Assert.Equal(new Uri("http://127.0.0.1:4002"), server.Gateway);
        }

        Assert.EndsWith("bye\n", await File.ReadAllTextAsync(LogPath, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_ends_at_its_start_is_told_with_its_last_words()
    {
        var thrown = await Assert.ThrowsAsync<StartException>(() => StartAsync("echo 'stashai serve: the disk is full.' >&2; exit 1"));

        Assert.Contains("its last output: stashai serve: the disk is full.", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(LogPath, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_is_stopped_when_the_server_dies_under_it()
    {
        await using var server = await StartAsync(
            "echo 'Visage is ready at http://127.0.0.1:4001'; echo 'StashAI Server is ready at http://127.0.0.1:4002'; exit 9");

        var thrown = await Assert.ThrowsAsync<StartException>(() => server.GuardAsync(
            async guarded =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, guarded);
                return 0;
            },
            Cancellation));

        Assert.Contains("exit code 9", thrown.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<DemoServer> StartAsync(string script)
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "needs /bin/sh");
        return DemoServer.StartAsync(
            new OwnProgram("/bin/sh", ["-c", script]), folder.FullName, folder.FullName, 1, LogPath, TimeProvider.System, Cancellation);
    }
}
