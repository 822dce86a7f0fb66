using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Diagnostics;
using StashAI.Server.Hosting;
using StashAI.Server.Processes;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Hosting;

/// <summary>The supervisor, with children that are real processes: shell scripts that behave as the test needs.</summary>
public sealed class VisageChildTests
{
    private const string Ready = "echo 'Visage is ready at http://127.0.0.1:4711';";

    private static readonly bool HasShell = File.Exists("/bin/sh");

    private readonly RecordedLog log = new();

    [Fact]
    public async Task The_host_starts_at_once_and_learns_the_address_from_the_ready_line()
    {
        using var child = Child(Ready + "cat > /dev/null");
        await child.StartAsync(TestContext.Current.CancellationToken);

        var address = await child.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new Uri("http://127.0.0.1:4711"), address);
        Assert.True(child.IsReady);
        await child.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(child.IsReady);
        Assert.Null(child.ProcessId);
    }

    [Fact]
    public async Task Its_output_goes_to_the_log_with_its_own_level()
    {
        using var child = Child(Ready + "echo 'warn: Visage[0]'; echo '      a model is slow'; echo 'fail: broken' >&2; cat > /dev/null");
        await child.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(LogLevel.Information, (await log.WaitForAsync("ready at")).Level);
        Assert.Equal(LogLevel.Warning, (await log.WaitForAsync("warn:")).Level);
        await child.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_killed_child_is_started_again_and_its_address_goes_and_comes()
    {
        using var child = Child(Ready + "cat > /dev/null");
        var addresses = Channel.CreateUnbounded<Uri?>();
        child.AddressChanged += address => addresses.Writer.TryWrite(address);
        await child.StartAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await addresses.Reader.ReadAsync(TestContext.Current.CancellationToken));
        var first = child.ProcessId!.Value;

        Process.GetProcessById(first).Kill();

        Assert.Null(await addresses.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.NotNull(await addresses.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(first, child.ProcessId!.Value);
        await child.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_orderly_stop_lets_the_child_say_goodbye()
    {
        using var child = Child(Ready + "cat > /dev/null; echo goodbye");
        await child.StartAsync(TestContext.Current.CancellationToken);
        await child.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        await child.StopAsync(TestContext.Current.CancellationToken);

        await log.WaitForAsync("goodbye");
    }

    [Fact]
    public async Task A_child_that_does_not_stop_is_killed()
    {
        using var child = Child(Ready + "exec sleep 600", TimeSpan.FromMilliseconds(50));
        await child.StartAsync(TestContext.Current.CancellationToken);
        await child.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        using var process = Process.GetProcessById(child.ProcessId!.Value);

        await child.StopAsync(TestContext.Current.CancellationToken);

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_tried_again_and_does_not_stop_the_host()
    {
        using var child = new VisageChild(Options(), new OwnProgram("/nowhere/stashai", []), TimeProvider.System, log);
        await child.StartAsync(TestContext.Current.CancellationToken);

        var entry = await log.WaitForAsync("starts again in 1 s");

        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Contains("/nowhere/stashai cannot be started", entry.Text, StringComparison.Ordinal);
        await log.WaitForAsync("starts again in 2 s");
        await child.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_child_without_models_says_what_to_do_and_is_not_started_again_soon()
    {
        using var child = Child("echo 'Visage cannot start: the face models are missing: run `stashai models fetch`.' >&2; exit 3");
        await child.StartAsync(TestContext.Current.CancellationToken);

        await log.WaitForAsync("starts again in 60 s");
        Assert.Equal(LogLevel.Error, (await log.WaitForAsync("cannot start")).Level);

        Assert.Equal("the face models are missing: run `stashai models fetch`.", child.Failure);
        Assert.Equal([new PartHealth("visage", HealthStatus.Degraded, child.Failure)], new VisageCheck(child).Check());
        await child.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_child_that_works_has_no_trouble_and_one_that_never_failed_is_starting()
    {
        using var child = Child("read go;" + Ready + "cat > /dev/null");
        Assert.Equal([new PartHealth("visage", HealthStatus.Healthy, "It is starting.")], new VisageCheck(child).Check());
        using var ready = Child(Ready + "cat > /dev/null");
        await ready.StartAsync(TestContext.Current.CancellationToken);
        await ready.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        Assert.Equal([new PartHealth("visage", HealthStatus.Healthy)], new VisageCheck(ready).Check());
        Assert.Null(ready.Failure);
        await ready.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_first_start_that_takes_longer_than_a_minute_is_trouble_until_it_is_over()
    {
        var clock = new FakeTimeProvider();
        using var folder = new TempFolder();
        using var child = Child(
            $"echo 'Fetching the face models'; while [ ! -e '{folder.File("go")}' ]; do sleep 0.05; done; {Ready} cat > /dev/null",
            clock: clock);
        await child.StartAsync(TestContext.Current.CancellationToken);
        await log.WaitForAsync("Fetching");
        Assert.Null(child.Failure);

        clock.Advance(TimeSpan.FromSeconds(61));

        var late = Assert.Single(new VisageCheck(child).Check());
        Assert.Equal(
            (HealthStatus.Degraded, "It has been starting for more than a minute. Its last output: Fetching the face models"),
            (late.Status, late.Detail));
        await File.WriteAllTextAsync(folder.File("go"), "", TestContext.Current.CancellationToken);
        await child.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal([new PartHealth("visage", HealthStatus.Healthy)], new VisageCheck(child).Check());
        await child.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Restarts_wait_twice_as_long_each_time_up_to_30_seconds_and_start_over_after_a_healthy_minute()
    {
        var backoff = new VisageChildBackoff();

        double[] delays = [.. Enumerable.Range(0, 7).Select(_ => backoff.After(TimeSpan.Zero).TotalSeconds)];

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], delays);
        Assert.Equal(1, backoff.After(TimeSpan.FromMinutes(1)).TotalSeconds);
        Assert.Equal(2, backoff.After(TimeSpan.FromSeconds(59)).TotalSeconds);
    }

    [Fact]
    public void Another_port_is_taken_when_the_preferred_one_is_in_use()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var taken = ((IPEndPoint)holder.LocalEndpoint).Port;

        Assert.NotEqual(taken, VisageChildPort.Choose(taken));
        Assert.InRange(VisageChildPort.Choose(taken), 1, 65535);
    }

    private VisageChild Child(string script, TimeSpan? grace = null, TimeProvider? clock = null)
    {
        Assert.SkipUnless(HasShell, "needs /bin/sh");
        return new VisageChild(Options(grace), new OwnProgram("/bin/sh", ["-c", script]), clock ?? TimeProvider.System, log);
    }

    private static VisageChildOptions Options(TimeSpan? grace = null) => new()
    {
        DataDirectory = "/nowhere/data",
        ModelsDirectory = "/nowhere/models",
        PreferredPort = 0,
        LogLevel = LogLevel.Information,
        StopGrace = grace ?? TimeSpan.FromSeconds(30),
    };
}
