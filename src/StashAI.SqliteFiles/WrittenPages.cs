using System.Buffers.Binary;

namespace StashAI.SqliteFiles;

/// <summary>Reads which pages a write-ahead log has.</summary>
internal static class WrittenPages
{
    private const int LogHeader = 32;
    private const int FrameHeader = 24;

    /// <summary>Adds the pages of all frames; also of those whose transaction was never committed.</summary>
    public static void AddTo(ISet<uint> pages, OpenFile log, int pageSize)
    {
        Span<byte> page = stackalloc byte[4];
        var size = log.Size;
        for (long frame = LogHeader; frame + FrameHeader <= size; frame += FrameHeader + pageSize)
        {
            log.Read(page, frame);
            pages.Add(BinaryPrimitives.ReadUInt32BigEndian(page));
        }
    }
}
