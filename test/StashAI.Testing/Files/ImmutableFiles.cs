using StashAI.Testing.Processes;
using Xunit;

namespace StashAI.Testing.Files;

/// <summary>
/// Files that nobody can write any more, not even root and not through handles that are open already, as on a disk that turned read-only.
/// Dispose it to give them back. Needs root and a file system with `chattr +i` that keeps it, such as ext4.
/// </summary>
public sealed class ImmutableFiles : IAsyncDisposable
{
    private readonly string[] paths;

    private ImmutableFiles(string[] paths) => this.paths = paths;

    /// <summary>Skips the running test where this cannot be done.</summary>
    public static async Task RequireAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        var path = folder.File("probe");
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            await using var frozen = await FreezeAsync([path], cancellationToken);
            file.Write([1]);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"A file could not be made immutable, which takes root and chattr: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return;
        }

        Assert.Skip("This file system lets open handles write immutable files.");
    }

    public static async Task<ImmutableFiles> FreezeAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        string[] all = [.. paths];
        await ProgramRun.OutputAsync(["chattr", "+i", .. all], "/", cancellationToken);
        return new ImmutableFiles(all);
    }

    public async ValueTask DisposeAsync() => await ProgramRun.OutputAsync(["chattr", "-i", .. paths], "/", CancellationToken.None);
}
