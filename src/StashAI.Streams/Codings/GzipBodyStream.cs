using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace StashAI.Streams.Codings;

/// <summary>
/// One or several gzip members (RFC 1952), one behind the other. Where the deflate data of a member ends is found by what stands behind it:
/// the checksum and the length of what was decoded.
/// </summary>
internal sealed class GzipBodyStream : DecodingStream
{
    private const string Coding = "gzip";
    private const int HeaderLength = 10;
    private const int TrailerLength = 8;

    /// <summary>Empty members cost time and add nothing to what the limits count.</summary>
    private const int MaxMembers = 100_000;

    private readonly DeflateInput input;
    private readonly Crc32 checksum = new();
    private DeflateStream? member;
    private uint length;
    private int members;

    public GzipBodyStream(Stream coded)
        : base(coded) => input = new DeflateInput(this, null);

    /// <summary>What every member begins with: the magic number, and the method of compression.</summary>
    private static ReadOnlySpan<byte> Start => [0x1F, 0x8B, 8];

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        while (member is not null || await OpenMemberAsync(cancellationToken))
        {
            var read = await InflateAsync(member!, Coding, buffer, cancellationToken);
            if (read > 0)
            {
                input.Hurry();
                checksum.Append(buffer.Span[..read]);
                length = unchecked(length + (uint)read);
                return read;
            }

            if (input.IsCutOff) throw CodingException.CutOff(Coding);
            await CloseMemberAsync(cancellationToken);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) member?.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask CloseMemberAsync(CancellationToken cancellationToken)
    {
        var isWhole = await input.EnsureAsync(TrailerLength, cancellationToken);
        var place = FindTrailer();
        if (place < 0) throw isWhole ? CodingException.Damaged(Coding) : CodingException.CutOff(Coding);
        input.ReturnTo(place + TrailerLength);
        member!.Dispose();
        member = null;
        members++;
    }

    /// <summary>The deflate data ends with one of the bytes that were handed out last, and the trailer follows it.</summary>
    private int FindTrailer()
    {
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], length);
        var places = input.LastAndRest[..Math.Min(input.LastLength + TrailerLength, input.LastAndRest.Length)][1..];
        var place = places.IndexOf(trailer);
        return place < 0 ? place : place + 1;
    }

    /// <returns>False at the end of all members.</returns>
    private async ValueTask<bool> OpenMemberAsync(CancellationToken cancellationToken)
    {
        var isWhole = await input.EnsureAsync(HeaderLength, cancellationToken);
        if (members > 0 && input.Rest.IsEmpty) return false;
        if (!Start.StartsWith(input.Rest[..Math.Min(input.Rest.Length, Start.Length)]))
        {
            throw members > 0 ? CodingException.Followed(Coding) : CodingException.Damaged(Coding);
        }

        if (!isWhole) throw CodingException.CutOff(Coding);
        var flags = input.Rest[3];
        if ((flags & 0b1110_0000) != 0) throw CodingException.Damaged(Coding);
        if (members >= MaxMembers) throw new CodingException($"has more than {MaxMembers} members");
        input.Skip(HeaderLength);
        if ((flags & 4) != 0)
        {
            for (var left = await TakeAsync(cancellationToken) | (await TakeAsync(cancellationToken) << 8); left > 0; left--)
            {
                await TakeAsync(cancellationToken);
            }
        }

        for (var texts = (flags >> 3 & 1) + (flags >> 4 & 1); texts > 0;)
        {
            if (await TakeAsync(cancellationToken) == 0) texts--;
        }

        for (var left = flags & 2; left > 0; left--) await TakeAsync(cancellationToken);
        (length, member) = (0, new DeflateStream(input, CompressionMode.Decompress, leaveOpen: true));
        checksum.Reset();
        return true;
    }

    private async ValueTask<int> TakeAsync(CancellationToken cancellationToken)
    {
        if (input.Rest.IsEmpty && !await input.EnsureAsync(1, cancellationToken)) throw CodingException.CutOff(Coding);
        var value = input.Rest[0];
        input.Skip(1);
        return value;
    }
}
