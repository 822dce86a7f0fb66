using StashAI.Queue.Store;

namespace StashAI.Storage.Payloads.Files;

/// <summary>What errors of the operating system mean.</summary>
internal static class DiskErrors
{
    private const int NoSpace = 28; // ENOSPC
    private const int QuotaOfLinux = 122; // EDQUOT
    private const int DiskFullOfWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullOfWindows = unchecked((int)0x80070027);

    public static bool IsDiskFull(Exception exception) =>
        exception.HResult is NoSpace or QuotaOfLinux or DiskFullOfWindows or HandleDiskFullOfWindows;

    /// <summary>An error that concerns the disk, and not this program.</summary>
    public static bool IsOfDisk(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Why a folder cannot be written to.</summary>
    public static PayloadFileException Unwritable(string folder, Exception exception)
    {
        var isFull = exception is IOException && IsDiskFull(exception);
        return new PayloadFileException(
            isFull
                ? $"The disk of {folder} is full: free some space."
                : $"Payloads cannot be written to {folder} ({exception.Message.TrimEnd('.')}): check the folder and its disk.",
            isFull,
            exception);
    }

    /// <summary>Why a file cannot be read.</summary>
    public static PayloadFileException Unreadable(string path, Exception exception) => new(
        $"{path} cannot be read ({exception.Message.TrimEnd('.')}): check the file and its disk.", isDiskFull: false, exception);
}
