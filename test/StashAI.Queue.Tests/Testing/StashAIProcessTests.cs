using System.Globalization;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.Queue.Tests.Testing;

/// <summary>Shows with a small shell program, in the place of the server, how the tests handle a process.</summary>
public sealed class StashAIProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_address_comes_from_the_ready_line()
    {
        await using var process = await StashAIProcess.StartAsync(
            Shell("echo warming up; echo 'StashAI Server is ready at http://127.0.0.1:4711'; exec sleep 600"), Cancellation);

        Assert.Equal("http://127.0.0.1:4711", process.Url);
        Assert.Equal("warming up", process.StandardOutput[0]);
        Assert.False(process.HasExited);
    }

    [Fact]
    public async Task A_process_that_ends_before_it_is_ready_is_quoted()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StashAIProcess.StartAsync(Shell("echo the port is taken >&2; exit 3"), Cancellation));

        Assert.Contains("the port is taken", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_ends_gives_its_exit_code()
    {
        await using var process = StashAIProcess.Launch(Shell("exit 3"));

        Assert.Equal(3, await process.WaitForExitAsync(Cancellation));
    }

    [Fact]
    public async Task A_process_can_be_asked_to_end()
    {
        await using var process = await StashAIProcess.StartAsync(
            Shell("mkfifo never; trap 'echo bye; exit 0' TERM; echo 'StashAI Server is ready at http://127.0.0.1:1'; read -r _ < never"),
            Cancellation);

        await process.SignalAsync(UnixSignal.Terminate, Cancellation);

        Assert.Equal(0, await process.WaitForExitAsync(Cancellation));
        Assert.Equal("bye", await process.WaitForLineAsync(line => line == "bye", Cancellation));
    }

    [Fact]
    public async Task A_frozen_process_goes_on_when_it_is_told_to()
    {
        await using var process = await StashAIProcess.StartAsync(
            Shell("echo 'StashAI Server is ready at http://127.0.0.1:1'; exec sleep 600"), Cancellation);

        await process.SignalAsync(UnixSignal.Stop, Cancellation);
        Assert.Equal('T', ProcessState.Read(process.ProcessId));
        await process.SignalAsync(UnixSignal.Continue, Cancellation);
        Assert.NotEqual('T', ProcessState.Read(process.ProcessId));
    }

    [Fact]
    public async Task A_kill_spares_the_children_and_dispose_ends_them()
    {
        int child;
        await using (var process = await StashAIProcess.StartAsync(
            Shell("sleep 600 & echo child $!; echo 'StashAI Server is ready at http://127.0.0.1:1'; wait"), Cancellation))
        {
            var line = await process.WaitForLineAsync(text => text.StartsWith("child ", StringComparison.Ordinal), Cancellation);
            child = int.Parse(line["child ".Length..], CultureInfo.InvariantCulture);
            await process.KillAsync();
            Assert.True(IsAlive(child));
        }

        Assert.False(IsAlive(child));
    }

    [Fact]
    public async Task Variables_of_the_product_are_not_inherited_and_others_can_be_set()
    {
        await using var process = StashAIProcess.Launch(Shell("echo \"$WORKERS,$DATA_DIR,$COLOUR\"") with
        {
            Environment = new Dictionary<string, string?> { ["WORKERS"] = "3", ["COLOUR"] = "blue" },
        });

        Assert.Equal("3,,blue", await process.WaitForLineAsync(_ => true, Cancellation));
    }

    [Fact]
    public async Task Its_own_folder_goes_with_the_process_and_a_given_one_stays()
    {
        using var given = new TempFolder();
        string own;
        await using (var process = StashAIProcess.Launch(Shell("touch here")))
        await using (var other = StashAIProcess.Launch(Shell("touch there") with { Folder = given.Path }))
        {
            await process.WaitForExitAsync(Cancellation);
            await other.WaitForExitAsync(Cancellation);
            own = process.Folder;
            Assert.True(File.Exists(Path.Combine(own, "here")));
        }

        Assert.False(Directory.Exists(own));
        Assert.True(File.Exists(given.File("there")));
    }

    [Fact]
    public async Task Memory_is_read_in_bytes()
    {
        await using var process = await StashAIProcess.StartAsync(
            Shell("echo 'StashAI Server is ready at http://127.0.0.1:1'; exec sleep 600"), Cancellation);

        var memory = process.ReadMemory();
        process.ResetPeakMemory();

        Assert.InRange(memory.ResidentBytes, 4096, memory.PeakResidentBytes);
        Assert.True(process.ReadMemory().PeakResidentBytes > 0);
    }

    private static StashAIProcessOptions Shell(string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These tests need the shell and /proc of Linux.");
        return new StashAIProcessOptions
        {
            Program = ["sh", "-c"],
            Arguments = [script],
        };
    }

    private static bool IsAlive(int processId) => ProcessState.Read(processId) != 'Z';
}
