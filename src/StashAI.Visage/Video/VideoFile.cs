using System.Buffers;
using System.Globalization;

namespace StashAI.Visage.Video;

/// <summary>
/// A video while it is read: a file that only this user can open. ffmpeg has to seek in it, so it cannot stay in a pipe. On Linux the file
/// has no name any more once it is open, so that nothing is left of it however this process ends.
/// </summary>
internal sealed class VideoFile : IAsyncDisposable
{
    private const string Prefix = "video-";
    private const int PieceBytes = 128 * 1024;

    /// <summary>What must stay free on the disk, for the gallery and its log.</summary>
    private const long Reserve = 256L << 20;

    /// <summary>How many bytes are written between two checks of the free space.</summary>
    private const long RoomInterval = 32L << 20;

    private readonly FileStream stream;
    private readonly string path;
    private readonly bool isNameless;

    private VideoFile(string folder)
    {
        path = Path.Combine(folder, Prefix + Guid.CreateVersion7().ToString("N"));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        stream = new FileStream(path, options);
        isNameless = OperatingSystem.IsLinux() && Directory.Exists("/proc/self/fd");
        if (isNameless) File.Delete(path);
    }

    /// <summary>The path by which another process of this user opens the file.</summary>
    public string Location => isNameless
        ? string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{stream.SafeFileHandle.DangerousGetHandle()}")
        : path;

    /// <summary>The number of bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Writes a body to a file.</summary>
    /// <param name="folder">The folder for the file.</param>
    /// <param name="body">The body.</param>
    /// <param name="length">Its length; null when it is unknown.</param>
    /// <param name="maxBytes">The most bytes.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The file; null for a body that is too long.</returns>
    /// <exception cref="NoRoomException">The disk has not enough room.</exception>
    public static async Task<VideoFile?> ReceiveAsync(
        string folder, Stream body, long? length, long maxBytes, CancellationToken cancellationToken)
    {
        if (length > maxBytes) return null;
        CheckRoom(folder, length ?? 0);
        var file = Create(folder);
        try
        {
            if (await file.FillAsync(folder, body, maxBytes, cancellationToken)) return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        await file.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        if (!isNameless) File.Delete(path);
    }

    private static VideoFile Create(string folder)
    {
        try
        {
            return new VideoFile(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NoRoomException("The data folder takes no new file", exception);
        }
    }

    private async Task<bool> FillAsync(string folder, Stream body, long maxBytes, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var checkedAt = 0L;
            for (int read; (read = await body.ReadAsync(piece, cancellationToken)) > 0;)
            {
                Length += read;
                if (Length > maxBytes) return false;
                if (Length - checkedAt > RoomInterval)
                {
                    CheckRoom(folder, 0);
                    checkedAt = Length;
                }

                await WriteAsync(piece.AsMemory(0, read), cancellationToken);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new NoRoomException("The data folder takes no more bytes", exception);
        }
    }

    private static void CheckRoom(string folder, long bytes)
    {
        if (new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace < bytes + Reserve)
            throw new NoRoomException($"The disk of the data folder has not enough room for the video and {Reserve >> 20} MB besides it");
    }
}
