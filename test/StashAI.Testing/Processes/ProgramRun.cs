using System.Diagnostics;

namespace StashAI.Testing.Processes;

/// <summary>Runs a program of the system to its end.</summary>
public static class ProgramRun
{
    /// <summary>Returns what the program wrote to its standard output, without the last line end.</summary>
    /// <exception cref="InvalidOperationException">It could not be started or its exit code is not 0.</exception>
    public static async Task<string> OutputAsync(
        IReadOnlyList<string> command, string folder, CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo(command, folder))
            ?? throw new InvalidOperationException($"{command[0]} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var wrong = await error;
        var written = await output;
        return process.ExitCode == 0
            ? written.TrimEnd('\n')
            : throw new InvalidOperationException(
                $"{string.Join(' ', command)} ended with exit code {process.ExitCode}:\n{written}{wrong}");
    }

    public static ProcessStartInfo StartInfo(IReadOnlyList<string> command, string folder)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Programs answer in plain English, whatever the user's language.
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
