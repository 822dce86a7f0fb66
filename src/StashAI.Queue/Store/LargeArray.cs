using System.Runtime;

namespace StashAI.Queue.Store;

/// <summary>Allocates the arrays of large inputs.</summary>
public static class LargeArray
{
    private const int MinBytes = 1 << 20;

    /// <summary>
    /// An array that is not cleared. Large arrays need one piece of memory each; where there is none although enough is free, memory is
    /// compacted first.
    /// </summary>
    /// <param name="length">The length in bytes.</param>
    /// <exception cref="OutOfMemoryException">There is not enough.</exception>
    public static byte[] Allocate(int length)
    {
        if (length < MinBytes) return GC.AllocateUninitializedArray<byte>(length);
        try
        {
            return GC.AllocateUninitializedArray<byte>(length);
        }
        catch (OutOfMemoryException)
        {
            Compact();
            return GC.AllocateUninitializedArray<byte>(length);
        }
    }

    /// <summary>Collects what is unused and moves large objects together, which takes a moment: for when memory has run out.</summary>
    public static void Compact()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
