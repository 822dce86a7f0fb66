namespace StashAI.Streams.Codings;

/// <summary>
/// Hands the framework's <see cref="System.IO.Compression.DeflateStream"/> its bytes. That stream reads ahead and does not say where its
/// data ended, so this one remembers what it handed out last.
/// </summary>
/// <param name="owner">Where the bytes come from.</param>
/// <param name="trailer">
/// With a number, the data ends so many bytes before the end of all: these are held back, and the byte before them is handed out by itself.
/// Null when more may follow.
/// </param>
internal sealed class DeflateInput(DecodingStream owner, int? trailer) : ReadOnlyStream
{
    /// <summary>Half of the window, so that there is always room behind what was handed out last.</summary>
    private const int MaxHanded = 8 * 1024;

    /// <summary>
    /// So many bytes are handed out one by one until something is decoded: the checksum and the length of no data are zeros, as its last
    /// byte is, so they do not tell where it ends.
    /// </summary>
    private const int FirstSingles = 1024;

    private readonly int kept = trailer + 1 ?? 0;
    private readonly byte[] window = new byte[2 * MaxHanded];
    private int handed;
    private int start;
    private int end;
    private int singles = FirstSingles;
    private bool isEnd;

    /// <summary>True when more bytes were wanted than there are.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>What was handed out last and everything behind it that was read.</summary>
    public ReadOnlySpan<byte> LastAndRest => window.AsSpan(handed, end - handed);

    /// <summary>How many bytes were handed out last.</summary>
    public int LastLength => start - handed;

    /// <summary>What was read and not handed out.</summary>
    public ReadOnlySpan<byte> Rest => window.AsSpan(start, end - start);

    /// <summary>True when the data ended where the trailer begins.</summary>
    public bool EndedAtTrailer => isEnd && LastLength == 1 && end - start == trailer;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        handed = start;
        while (!isEnd && end - start <= kept) await FillAsync(cancellationToken);
        var length = Math.Min(end - start - kept, Math.Min(buffer.Length, MaxHanded));
        if (length == 0 && trailer is not null) length = 1;
        if (length <= 0)
        {
            IsCutOff = true;
            return 0;
        }

        if (singles > 0) (length, singles) = (1, singles - 1);
        window.AsMemory(start, length).CopyTo(buffer);
        start += length;
        return length;
    }

    /// <summary>Reads on until so many bytes stand behind those that were handed out last; false when there are fewer.</summary>
    public async ValueTask<bool> EnsureAsync(int rest, CancellationToken cancellationToken)
    {
        while (!isEnd && end - start < rest) await FillAsync(cancellationToken);
        return end - start >= rest;
    }

    /// <summary>Something was decoded.</summary>
    public void Hurry() => singles = 0;

    /// <summary>Takes bytes that are not for the decoder.</summary>
    public void Skip(int count) => handed = start += count;

    /// <summary>Goes back to a place in <see cref="LastAndRest"/>, where other data begins.</summary>
    public void ReturnTo(int place) => (handed, start, singles) = (handed + place, handed + place, FirstSingles);

    /// <summary>Puts bytes that were read elsewhere before everything else.</summary>
    public void Return(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(window);
        end = bytes.Length;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (end == window.Length)
        {
            LastAndRest.CopyTo(window);
            (handed, start, end) = (0, start - handed, end - handed);
        }

        var read = await owner.ReadCodedAsync(window.AsMemory(end), cancellationToken);
        isEnd = read == 0;
        end += read;
    }
}
