using System.Diagnostics;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.Testing.Objects;

/// <summary>
/// The real S3 server s3rver (npm) as a process, with one bucket in a temp folder. It compares no signatures of version 4, and can neither
/// list nor abort uploads in parts.
/// </summary>
public sealed class S3Rver : IAsyncDisposable
{
    public const string Bucket = "photos";
    public const string Key = "S3RVER";

    private const string Listening = "S3rver listening on ";
    private const string ObjectEnd = "._S3rver_object";

    private readonly TempFolder folder = new();
    private Process? process;

    private S3Rver()
    {
    }

    /// <summary>What <c>PAYLOADS</c> says to use it.</summary>
    public string Payloads { get; private set; } = "";

    /// <summary>The keys of all objects.</summary>
    public IReadOnlyList<string> Keys =>
        [.. Directory.EnumerateFiles(folder.File(Bucket), "*" + ObjectEnd, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder.File(Bucket), path)[..^ObjectEnd.Length]).Order(StringComparer.Ordinal)];

    private static string Program =>
        Path.Combine(SourceTree.Folder, "test", "clients", "s3rver", "node_modules", "s3rver", "bin", "s3rver.js");

    /// <summary>Starts a server; null when it is not installed (./test.sh --prepare).</summary>
    public static async Task<S3Rver?> StartAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Program)) return null;
        var server = new S3Rver();
        try
        {
            server.process = Process.Start(ProgramRun.StartInfo(
                [
                    "node", Program, "--address", "127.0.0.1", "--port", "0", "--silent", "-d", server.folder.Path, "--configure-bucket",
                    Bucket,
                ],
                server.folder.Path))!;
            _ = server.process.StandardError.ReadToEndAsync(cancellationToken);
            while (await server.process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.IndexOf(Listening, StringComparison.Ordinal) is not (>= 0 and var at)) continue;
                server.Payloads = $"s3://{Bucket}/stash?endpoint=http://{line[(at + Listening.Length)..].Trim()}";
                _ = server.process.StandardOutput.ReadToEndAsync(cancellationToken);
                return server;
            }

            throw new InvalidOperationException("s3rver ended before it listened.");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        folder.Dispose();
    }
}
