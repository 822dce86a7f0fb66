namespace StashAI.Server.Cli.Batches;

/// <summary>Reads lines as bytes, however long they are. A line is valid until the next one is read.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <summary>The bytes of the lines read so far, with their ends.</summary>
    public long Position { get; private set; }

    /// <summary>True if the last line had an end, false if the stream ended within it.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>True if the next line has come already.</summary>
    public bool HasNext => buffer.AsSpan(start, end - start).Contains((byte)'\n');

    /// <summary>The next line without its end; null at the end of the stream.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var found = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (found >= 0) return Take(searched + found, isWhole: true);
            searched = end - start;
            MakeRoom();
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0 && searched == 0) return null;
            if (read == 0) return Take(searched, isWhole: false);
            end += read;
        }
    }

    private ReadOnlyMemory<byte> Take(int length, bool isWhole)
    {
        var line = buffer.AsMemory(start, length);
        var taken = isWhole ? length + 1 : length;
        start += taken;
        Position += taken;
        IsWhole = isWhole;
        return line;
    }

    private void MakeRoom()
    {
        if (end < buffer.Length) return;
        var (from, length) = (buffer, end - start);
        if (length > buffer.Length / 2) buffer = new byte[buffer.Length * 2];
        Buffer.BlockCopy(from, start, buffer, 0, length);
        (start, end) = (0, length);
    }
}
