using Microsoft.Win32.SafeHandles;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Payloads.Files;

/// <summary>A file that an upload writes.</summary>
internal sealed class DiskSink(SegmentDisk disk, string file, SafeFileHandle handle) : ISegmentSink
{
    private long length;

    public bool IsComplete => false;

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SegmentDisk.WriteAsync(handle, bytes, length);
            length += bytes.Length;
        }
        catch (Exception exception) when (DiskErrors.IsOfDisk(exception))
        {
            throw DiskErrors.Unwritable(disk.Folder, exception);
        }
    }

    public Task FlushAsync() => disk.RunAsync(() => RandomAccess.FlushToDisk(handle));

    public Task DiscardAsync()
    {
        handle.Dispose();
        return disk.RunAsync(() => disk.Delete(file));
    }

    public void Dispose() => handle.Dispose();
}
