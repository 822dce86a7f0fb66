namespace StashAI.Storage.Payloads.Files;

/// <summary>What errors of the operating system mean.</summary>
internal static class SegmentErrors
{
    private const int NoSpace = 28; // ENOSPC
    private const int QuotaOfLinux = 122; // EDQUOT
    private const int DiskFullOfWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullOfWindows = unchecked((int)0x80070027);

    public static bool IsDiskFull(Exception exception) =>
        exception.HResult is NoSpace or QuotaOfLinux or DiskFullOfWindows or HandleDiskFullOfWindows;
}
