using Microsoft.Win32.SafeHandles;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Payloads.Files;

/// <summary>A file that is read.</summary>
internal sealed class DiskSource(string path, SafeFileHandle handle) : ISegmentSource
{
    public async ValueTask<int> ReadAsync(Memory<byte> destination, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return await RandomAccess.ReadAsync(handle, destination, offset, cancellationToken);
        }
        catch (IOException exception)
        {
            throw DiskErrors.Unreadable(path, exception);
        }
    }

    public void Dispose() => handle.Dispose();
}
