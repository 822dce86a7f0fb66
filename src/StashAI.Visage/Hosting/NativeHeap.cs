using System.Runtime.InteropServices;

namespace StashAI.Visage.Hosting;

/// <summary>
/// Keeps the memory of photos from piling up in glibc's heap. It takes large blocks from the operating system and gives them
/// back when they are freed, but raises the size that counts as large to that of the blocks it has seen (up to 32 MB), which
/// is what photos are; from then on they stay in the heap, with holes between. A fixed size turns that off. It is above that
/// of everyday photos: giving back each of them costs 7 % of the processor time.
/// </summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int LargeBlock = 16 << 20;

    /// <summary>For the whole process; nothing happens where the C library is another one.</summary>
    public static void ReturnLargeBlocks()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetOption(MmapThreshold, LargeBlock);
            _ = SetOption(TrimThreshold, LargeBlock);
        }
        catch (Exception otherLibrary) when (otherLibrary is DllNotFoundException or EntryPointNotFoundException)
        {
            // musl always gives large blocks back.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, int value);
}
