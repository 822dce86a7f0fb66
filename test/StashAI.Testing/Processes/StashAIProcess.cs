using System.Diagnostics;
using StashAI.Testing.Files;

namespace StashAI.Testing.Processes;

/// <summary>
/// The real, built <c>stashai</c> as a process of its own. What it and its children leave running is killed on dispose.
/// </summary>
public sealed class StashAIProcess : IAsyncDisposable
{
    private const string ReadyLine = "StashAI Server is ready at ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Descendants descendants;
    private readonly TempFolder? ownFolder;
    private readonly ProcessOutput output = new();
    private readonly ProcessOutput error = new();
    private readonly Task reading;
    private string? url;

    private StashAIProcess(Process process, Descendants descendants, TempFolder? ownFolder, string folder)
    {
        this.process = process;
        this.descendants = descendants;
        this.ownFolder = ownFolder;
        Folder = folder;
        ProcessId = process.Id;
        reading = Task.WhenAll(output.ReadAsync(process.StandardOutput), error.ReadAsync(process.StandardError));
    }

    /// <summary>The process id.</summary>
    public int ProcessId { get; }

    /// <summary>The working folder.</summary>
    public string Folder { get; }

    /// <summary>The address of the ready line, without a slash at the end.</summary>
    /// <exception cref="InvalidOperationException">Nobody waited for the ready line yet.</exception>
    public string Url => url ?? throw new InvalidOperationException("Wait for the ready line first.");

    /// <summary>The lines of standard output up to now.</summary>
    public IReadOnlyList<string> StandardOutput => output.Lines;

    /// <summary>The lines of standard error up to now.</summary>
    public IReadOnlyList<string> StandardError => error.Lines;

    /// <summary>True once the process is over.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>
    /// Starts <c>stashai serve</c> on a free port with its data under <paramref name="folder"/>, and waits until it is ready.
    /// </summary>
    public static Task<StashAIProcess> ServeAsync(
        string folder, IReadOnlyList<string> moreArguments, CancellationToken cancellationToken) =>
        StartAsync(
            new StashAIProcessOptions
            {
                Arguments =
                [
                    "serve", "--urls", "http://127.0.0.1:0", "--data", Path.Combine(folder, "data"), .. moreArguments,
                ],
                Folder = folder,
            },
            cancellationToken);

    /// <summary>Starts a process and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">
    /// It ended before it was ready, or was not ready in 60 s; the message holds its output.
    /// </exception>
    public static async Task<StashAIProcess> StartAsync(StashAIProcessOptions options, CancellationToken cancellationToken)
    {
        var process = Launch(options);
        try
        {
            await process.WaitForReadyAsync(cancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a process and does not wait: for commands that end by themselves.</summary>
    public static StashAIProcess Launch(StashAIProcessOptions options)
    {
        var ownFolder = options.Folder is null ? new TempFolder() : null;
        var folder = options.Folder ?? ownFolder!.Path;
        var start = ProgramRun.StartInfo([.. options.Program ?? StashAIProgram.Command, .. options.Arguments], folder);
        foreach (var name in StashAIProgram.Variables)
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_ROOT"] = StashAIProgram.DotnetRoot;
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        var descendants = new Descendants();
        descendants.Mark(start);
        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
            process.StandardInput.Close();
            return new StashAIProcess(process, descendants, ownFolder, folder);
        }
        catch
        {
            ownFolder?.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the one line that says that the server is ready, and learns its address.</summary>
    /// <exception cref="InvalidOperationException">
    /// It ended before it was ready, or was not ready in 60 s; the message holds its output.
    /// </exception>
    public async Task WaitForReadyAsync(CancellationToken cancellationToken)
    {
        var line = await WaitForLineAsync(text => text.StartsWith(ReadyLine, StringComparison.Ordinal), cancellationToken);
        url = line[ReadyLine.Length..].Split(' ')[0].TrimEnd('/');
    }

    /// <summary>The first line of standard output, also of those already written, that satisfies the condition.</summary>
    /// <exception cref="InvalidOperationException">
    /// The output ended without it, or it did not come in 60 s; the message holds the output.
    /// </exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> condition, CancellationToken cancellationToken)
    {
        try
        {
            return await output.FindAsync(condition, cancellationToken).WaitAsync(Patience, cancellationToken)
                ?? throw new InvalidOperationException(Describe("ended without the line that was waited for"));
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException(
                Describe($"did not write the line that was waited for in {Patience.TotalSeconds:0} s"));
        }
    }

    /// <summary>Ends this process (SIGKILL), not its children, as the kernel does when memory runs out. Returns when it is gone.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Sends a signal to this process; a stop returns when the process is frozen. Not on Windows.</summary>
    public async Task SignalAsync(UnixSignal signal, CancellationToken cancellationToken)
    {
        var name = signal switch
        {
            UnixSignal.Terminate => "TERM",
            UnixSignal.Interrupt => "INT",
            UnixSignal.Stop => "STOP",
            UnixSignal.Continue => "CONT",
            _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "Not a signal that tests send."),
        };
        await ProgramRun.OutputAsync(["sh", "-c", $"kill -s {name} {ProcessId}"], "/", cancellationToken);
        while (signal == UnixSignal.Stop && OperatingSystem.IsLinux() && ProcessState.Read(ProcessId) is not ('T' or 'Z'))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Returns the exit code once the process is over and what it wrote is read.</summary>
    /// <exception cref="InvalidOperationException">It did not end in 60 s; the message holds its output.</exception>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
            // A child that goes on has its parent's output open, and would be waited for.
            await reading.WaitAsync(TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException(Describe($"did not end in {Patience.TotalSeconds:0} s"));
        }
    }

    /// <summary>All of standard output, once the process is over.</summary>
    public async Task<string> OutputAsync()
    {
        await reading;
        return string.Join('\n', StandardOutput);
    }

    /// <summary>What this process, without its children, holds in memory. Linux only.</summary>
    public ProcessMemory ReadMemory() => ProcessMemory.Read(ProcessId);

    /// <summary>Makes <see cref="ProcessMemory.PeakResidentBytes"/> start again from what is resident now. Linux only.</summary>
    public void ResetPeakMemory() => ProcessMemory.ResetPeak(ProcessId);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        descendants.Kill();
        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
        ownFolder?.Dispose();
    }

    private string Describe(string what) =>
        $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} {what}.\n"
        + $"Standard output:\n{string.Join('\n', StandardOutput)}\nStandard error:\n{string.Join('\n', StandardError)}";
}
