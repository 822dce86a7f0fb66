using StashAI.Testing.Processes;
using Xunit;

namespace StashAI.Testing.Files;

/// <summary>A file system of a few megabytes of its own, in memory, that can be full or read-only. Needs root on Linux.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private bool isMounted;

    private SmallDisk()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => folder.Path;

    /// <summary>Mounts one; skips the running test where that is not allowed.</summary>
    public static async Task<SmallDisk> MountAsync(int megabytes, CancellationToken cancellationToken)
    {
        var disk = new SmallDisk();
        try
        {
            await ProgramRun.OutputAsync(["mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path], "/", cancellationToken);
            disk.isMounted = true;
            return disk;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            await disk.DisposeAsync();
            Assert.Skip($"A file system could not be mounted, which takes root on Linux: {exception.Message}");
            throw;
        }
    }

    /// <summary>The path of a file on it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Takes all the room that is left, or all but some of it; dispose the result to give it back.</summary>
    public IDisposable Fill(int leaveBytes = 0)
    {
        var ballast = File("ballast");
        using (var file = new FileStream(ballast, FileMode.Create))
        {
            var piece = new byte[64 * 1024];
            try
            {
                while (true)
                {
                    file.Write(piece);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // That was the last room.
            }

            if (leaveBytes > 0) file.SetLength(Math.Max(0, file.Length - leaveBytes));
        }

        return new Ballast(ballast);
    }

    /// <summary>Makes it read-only, or writable again. Files that are open for writing stay so only if none is.</summary>
    public Task RemountAsync(bool readOnly, CancellationToken cancellationToken) =>
        ProgramRun.OutputAsync(["mount", "-o", readOnly ? "remount,ro" : "remount,rw", Path], "/", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (isMounted) await ProgramRun.OutputAsync(["umount", "-l", Path], "/", CancellationToken.None);
        folder.Dispose();
    }

    private sealed class Ballast(string path) : IDisposable
    {
        public void Dispose() => System.IO.File.Delete(path);
    }
}
