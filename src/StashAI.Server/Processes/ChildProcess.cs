using System.Diagnostics;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Server.Exits;

namespace StashAI.Server.Processes;

/// <summary>
/// A child process that stops when its standard input closes, so that it also stops when this process is killed.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly TimeProvider time;

    private ChildProcess(Process process, Action<int>? onStarted, Action<string> onLine, TimeProvider time)
    {
        this.process = process;
        this.time = time;
        Id = process.Id;
        onStarted?.Invoke(Id);
        Exited = WaitAsync(onLine);
    }

    public int Id { get; }

    /// <summary>Completes with the exit code after the process has ended and its output was read.</summary>
    public Task<int> Exited { get; }

    /// <param name="program">The program to run.</param>
    /// <param name="arguments">The arguments after the program's own.</param>
    /// <param name="environment">The variables to change; null removes a variable.</param>
    /// <param name="onLine">Receives every line of both outputs, on any thread.</param>
    /// <param name="time">The clock for waiting.</param>
    /// <param name="onStarted">Receives the process id before the first line is read.</param>
    /// <exception cref="StartException">The program cannot be run.</exception>
    public static ChildProcess Start(
        OwnProgram program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?> environment,
        Action<string> onLine,
        TimeProvider time,
        Action<int>? onStarted = null)
    {
        var start = new ProcessStartInfo(program.FileName, [.. program.LeadingArguments, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // A child listens only on this machine and has its own data, so it does not need the clients' keys.
        start.Environment.Remove(ConfiguredKeys.KeysSetting);
        start.Environment.Remove(ConfiguredKeys.FileSetting);
        start.Environment.Remove(GatewaySettings.SecretsKey.Name);
        start.Environment.Remove(GatewaySettings.SecretsKeyFile.Name);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        try
        {
            return new ChildProcess(Process.Start(start)!, onStarted, onLine, time);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            throw new StartException($"{program.FileName} cannot be started: {exception.Message}.", exception);
        }
    }

    /// <summary>Asks the process to stop, and kills it and its children if it is still running after <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        process.StandardInput.Close();
        try
        {
            await Exited.WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await Exited;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            process.Kill(entireProcessTree: true);
            await Exited;
        }
        process.Dispose();
    }

    private async Task<int> WaitAsync(Action<string> onLine)
    {
        var output = Task.WhenAll(ReadAsync(process.StandardOutput, onLine), ReadAsync(process.StandardError, onLine));
        await process.WaitForExitAsync();
        try
        {
            // A grandchild may have inherited the outputs and keep them open forever.
            await output.WaitAsync(TimeSpan.FromSeconds(1), time);
        }
        catch (TimeoutException)
        {
        }
        return process.ExitCode;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine(line);
        }
    }
}
