using System.Globalization;
using StashAI.Server.Exits;

namespace StashAI.Server.Demo;

/// <summary>
/// The new folder of one demo run, <c>demo/run-N</c> in the data folder. A lock protects it during the run, so that concurrent runs do not
/// collide, and the next run removes what a killed run has left behind.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    private const string LockName = "run.lock";

    private readonly FileStream held;

    private DemoFolder(string home, string run, FileStream held)
    {
        Home = home;
        Run = run;
        this.held = held;
    }

    /// <summary>The demo's folder, with the report.</summary>
    public string Home { get; }

    /// <summary>The data folder of this run's server; gone after the run.</summary>
    public string Run { get; }

    public string ReportPath => Path.Combine(Home, "report.html");

    public string ServerLogPath => Path.Combine(Home, "server.log");

    /// <exception cref="StartException">The folder cannot be written.</exception>
    public static DemoFolder Create(string dataDirectory)
    {
        var home = Path.Combine(dataDirectory, "demo");
        try
        {
            Directory.CreateDirectory(home);
            RemoveAbandoned(home);
            for (var number = 1; ; number++)
            {
                var run = Path.Combine(home, string.Create(CultureInfo.InvariantCulture, $"run-{number}"));
                if (!Directory.Exists(run))
                {
                    Directory.CreateDirectory(run);
                    if (TryHold(run) is { } held)
                    {
                        return new DemoFolder(home, run, held);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"the demo's folder {home} cannot be written: {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        held.Dispose();
        Remove(Run);
    }

    private static void RemoveAbandoned(string home)
    {
        foreach (var run in Directory.EnumerateDirectories(home, "run-*"))
        {
            if (TryHold(run) is { } abandoned)
            {
                abandoned.Dispose();
                Remove(run);
            }
        }
    }

    private static FileStream? TryHold(string run)
    {
        try
        {
            return new FileStream(Path.Combine(run, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Remove(string run)
    {
        try
        {
            Directory.Delete(run, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another run will remove it.
        }
    }
}
