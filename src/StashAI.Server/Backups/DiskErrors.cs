using Microsoft.Data.Sqlite;

namespace StashAI.Server.Backups;

/// <summary>What errors of disks and files mean, in one sentence.</summary>
internal static class DiskErrors
{
    private const int NoSpace = 28; // ENOSPC
    private const int QuotaOfLinux = 122; // EDQUOT
    private const int DiskFullOfWindows = unchecked((int)0x80070070);
    private const int SqliteInputOutput = 10;
    private const int SqliteFull = 13;
    private const long NoRoom = 1024 * 1024;

    /// <summary>The sentence; null for an error that did not come from files.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="folder">Where was written.</param>
    public static string? Explain(Exception exception, string folder) => exception switch
    {
        IOException { HResult: NoSpace or QuotaOfLinux or DiskFullOfWindows } or SqliteException { SqliteErrorCode: SqliteFull } =>
            $"The disk of {folder} is full: free some space, and try again.",
        SqliteException { SqliteErrorCode: SqliteInputOutput } when HasNoRoom(folder) =>
            $"The disk of {folder} is full: free some space, and try again.",
        IOException or UnauthorizedAccessException or SqliteException => $"{exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')}.",
        _ => null,
    };

    private static bool HasNoRoom(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace < NoRoom;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
