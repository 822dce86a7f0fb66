using System.Net.Sockets;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Services;

/// <summary>A real AI engine behind its thin wrapper of samples/services, as a process of its own on a free port.</summary>
internal sealed class RealEngine : IAsyncDisposable
{
    private readonly StashAIProcess process;

    private RealEngine(StashAIProcess process, string url) => (this.process, Url) = (process, url);

    public string Url { get; }

    /// <summary>Where `test.sh --prepare` puts npm packages of engines.</summary>
    public static string Packages { get; } = Path.Combine(Root, "artifacts", "engines");

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StashAI.slnx"))) folder = folder.Parent;
            return folder?.FullName ?? throw new DirectoryNotFoundException("These tests run inside the source tree.");
        }
    }

    /// <summary>Starts a wrapper, or skips the test when a program that it needs is not installed.</summary>
    public static async Task<RealEngine> StartAsync(string runner, string script, string[] needs, CancellationToken cancellationToken)
    {
        foreach (var need in needs)
        {
            var isThere = Path.IsPathRooted(need) ? Path.Exists(need) : Find(need) is not null;
            if (!isThere) Assert.Skip($"{need} is not installed; ./test.sh --prepare installs it.");
        }

        var process = StashAIProcess.Launch(new StashAIProcessOptions
        {
            Program = [Find(runner) ?? runner, Path.Combine(Root, "samples", "services", script)],
            Arguments = [],
            Environment = new Dictionary<string, string?> { ["PORT"] = "0", ["NODE_MODULES"] = Packages },
        });
        var line = await process.WaitForLineAsync(
            text => text.Contains(" is ready at http://", StringComparison.Ordinal), cancellationToken);
        var url = line[line.IndexOf("http://", StringComparison.Ordinal)..].TrimEnd('/');
        await AcceptsAsync(new Uri(url), cancellationToken);
        return new RealEngine(process, url);
    }

    public static string? Find(string program)
    {
        // A Python of the user's own does not have the distribution's modules.
        if (program == "python3" && File.Exists("/usr/bin/python3")) return "/usr/bin/python3";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    /// <summary>One of them says that it is ready a moment before it listens.</summary>
    private static async Task AcceptsAsync(Uri address, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tries = 0; tries < 200; tries++)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }

        throw new InvalidOperationException($"{address} does not listen.");
    }
}
