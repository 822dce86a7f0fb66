using System.Runtime.InteropServices;

namespace StashAI.Visage.Hosting;

/// <summary>
/// Prevents freed photos from piling up in glibc's heap. By default glibc returns large blocks to the operating system when they are freed,
/// but raises the size that counts as large to the size of the blocks it has seen (up to 32 MB). Photos have that size, so from then on
/// they stay in the heap and fragment it. A fixed threshold turns this off. The threshold is larger than everyday photos, because returning
/// each of them costs 7 % of the processor time.
/// </summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int LargeBlock = 16 << 20;

    /// <summary>Sets the threshold for the whole process; does nothing if the C library is not glibc.</summary>
    public static void ReturnLargeBlocks()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetOption(MmapThreshold, LargeBlock);
            _ = SetOption(TrimThreshold, LargeBlock);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // musl always returns large blocks.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, int value);
}
