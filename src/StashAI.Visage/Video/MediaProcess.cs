using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace StashAI.Visage.Video;

/// <summary>
/// A run of ffmpeg or ffprobe: without a shell, without this process's environment, with limits of memory, processor time and files where
/// the system has them. It is killed when it is cancelled or disposed.
/// </summary>
internal sealed class MediaProcess : IAsyncDisposable
{
    /// <summary>The address space of a run, most of which is libraries and stacks.</summary>
    private const long MaxMemory = 4L << 30;

    private const int MaxErrors = 16 * 1024;
    private const int MaxTimes = 256 * 1024;
    private const int MaxLine = 1000;

    private static readonly string[] Kept = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot"];

    private readonly Process process;
    private readonly Task<string> messages;
    private readonly CancellationTokenRegistration kill;

    private MediaProcess(Process process, CancellationToken cancellationToken)
    {
        this.process = process;
        messages = ReadMessagesAsync(process.StandardError.BaseStream);
        kill = cancellationToken.Register(Kill);
    }

    /// <summary>What the run writes.</summary>
    public Stream Output => process.StandardOutput.BaseStream;

    /// <exception cref="VideoRefusedException">The program cannot be started.</exception>
    public static MediaProcess Start(
        VideoTools tools, string program, IEnumerable<string> arguments, TimeSpan processorTime, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(tools.Limiter ?? program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetPathRoot(program),
        };
        if (tools.Limiter is not null)
        {
            // It writes to pipes only, which have no size, so that it can create no file with content.
            var seconds = Math.Ceiling(processorTime.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            foreach (var limit in (string[])[$"--as={MaxMemory}", $"--cpu={seconds}", "--fsize=0", "--core=0", "--", program])
                start.ArgumentList.Add(limit);
        }

        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => !Kept.Contains(name)).ToList()) start.Environment.Remove(name);
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return new(process, cancellationToken);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new VideoRefusedException($"could not be read: {Path.GetFileName(program)} does not start");
        }
    }

    /// <summary>All output as text; null when it is longer than <paramref name="most"/> bytes.</summary>
    public async Task<string?> ReadTextAsync(int most)
    {
        var buffer = new byte[most + 1];
        var length = await Output.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, CancellationToken.None);
        return length <= most ? Encoding.UTF8.GetString(buffer, 0, length) : null;
    }

    /// <summary>Waits for the end, and returns what the run said.</summary>
    public async Task<(bool IsSuccess, string Messages)> EndAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode == 0, await messages);
    }

    /// <summary>What a run that has ended said.</summary>
    public Task<string> MessagesAsync() => messages;

    public async ValueTask DisposeAsync()
    {
        await kill.DisposeAsync();
        Kill();
        await process.WaitForExitAsync();
        await messages;
        process.Dispose();
    }

    private void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    /// <summary>
    /// Reads to the end, since a full pipe would stop the run. The beginning of what it says is kept, and all times of frames, which
    /// thousands of errors must not push out.
    /// </summary>
    private static async Task<string> ReadMessagesAsync(Stream stream)
    {
        var (errors, times) = (new StringBuilder(), new StringBuilder());
        var line = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
            {
                foreach (var one in buffer.AsSpan(0, read))
                {
                    if (one != '\n' && line.Length < MaxLine)
                    {
                        line.Append(one < 128 ? (char)one : '?');
                        continue;
                    }

                    var kept = VideoMessages.IsTime(line) ? times : errors;
                    if (kept.Length < (kept == times ? MaxTimes : MaxErrors)) kept.Append(line).Append('\n');
                    line.Clear();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // It was killed.
        }

        return errors.Append(line).Append('\n').Append(times).ToString();
    }
}
