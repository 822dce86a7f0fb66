using System.IO.Compression;
using CsCheck;
using StashAI.Streams.Codings;

namespace StashAI.Gateway.Tests.Codings;

/// <summary>Coded data is decoded whole or refused: nothing is cut off silently.</summary>
public sealed class DecodingStreamTests
{
    private static readonly string[] Names = ["gzip", "deflate", "raw deflate", "br"];

    private static readonly CompressionLevel[] Levels =
        [CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize];

    /// <summary>Random bytes, and text that repeats itself, of all the lengths at which buffers end.</summary>
    private static readonly Gen<byte[]> Bodies = Gen.Select(
        Gen.OneOf(Gen.Int[0, 40], Gen.Int[500, 9000], Gen.Int[8180, 8200], Gen.Int[16_370, 16_390], Gen.Int[40_000, 70_000]),
        Gen.Bool,
        Gen.Int,
        (length, isRandom, seed) =>
        {
            var body = new byte[length];
            new Random(seed).NextBytes(body);
            return isRandom ? body : [.. body.Select((_, i) => (byte)('a' + ((i / 7) % 23)))];
        });

    private static readonly Gen<(string Coding, byte[] Body, byte[] Coded)> Data = Gen.Select(
        Gen.Int[0, Names.Length - 1].Select(at => Names[at]), Bodies, Gen.Int[0, Levels.Length - 1].Select(at => Levels[at]),
        (coding, body, level) => (coding, body, Coded.By(coding, body, level)));

    [Fact]
    public void What_was_coded_comes_out_however_it_arrives() => Gen.Select(Data, Gen.Int[1, 5000]).Sample(
        (data, piece) => Assert.Equal(data.Body, Decode(data.Coding, data.Coded, piece)), iter: 150);

    [Fact]
    public void All_members_of_a_gzip_body_come_out() =>
        Gen.Select(Bodies.Array[1, 5], Gen.Int[0, Levels.Length - 1].Select(at => Levels[at]), Gen.Bool, Gen.Int[1, 5000]).Sample(
            (bodies, level, isFull, piece) =>
            {
                byte[] coded = [.. bodies.SelectMany(body => isFull ? Coded.FullMember(body) : Coded.By("gzip", body, level))];
                Assert.Equal(bodies.SelectMany(body => body), Decode("gzip", coded, piece));
            },
            iter: 150);

    [Fact]
    public void What_is_cut_off_anywhere_is_refused() => Gen.Select(Data, Gen.Double[0, 1], Gen.Int[0, 12], Gen.Bool).Sample(
        (data, share, fromEnd, isNearEnd) =>
        {
            var length = isNearEnd ? Math.Max(0, data.Coded.Length - 1 - fromEnd) : (int)(share * (data.Coded.Length - 1));
            var exception = Assert.Throws<CodingException>(() => Decode(data.Coding, data.Coded[..length], 1000));
            Assert.True(exception.IsCutOff, $"{data.Coding}, {length} of {data.Coded.Length}: {exception.Message}");
        },
        iter: 300);

    /// <summary>Also with bytes that end like the data itself, so that no checksum at the end tells them apart.</summary>
    [Fact]
    public void What_has_other_bytes_behind_it_is_refused() => Gen.Select(Data, Gen.Int[0, 4], Gen.Int[1, 5000]).Sample(
        (data, kind, piece) =>
        {
            var coded = data.Coded;
            byte[] behind = kind switch
            {
                0 => [0],
                1 => new byte[20_000],
                2 => [.. "rest"u8, .. coded[^Math.Min(8, coded.Length)..]],
                3 => coded[^Math.Min(8, coded.Length)..],
                _ => data.Coding == "gzip" ? [0x1F, 0x8B, 9] : coded,
            };
            Assert.Throws<CodingException>(() => Decode(data.Coding, [.. coded, .. behind], piece));
        },
        iter: 300);

    [Fact]
    public void A_changed_byte_of_a_checked_coding_is_refused() =>
        Gen.Select(Data, Gen.Int[0, int.MaxValue], Gen.Int[1, 255]).Where((data, _, _) => data.Coding is "gzip" or "deflate").Sample(
            (data, at, change) =>
            {
                var coded = data.Coded.ToArray();
                at %= coded.Length;
                // The time, the system and the flags of gzip's header change nothing.
                if (data.Coding == "gzip" && at is > 2 and < 10) return;
                coded[at] = (byte)(coded[at] ^ change);
                try
                {
                    Assert.Equal(data.Body, Decode(data.Coding, coded, 5000));
                }
                catch (CodingException)
                {
                    // Refused, as it should be; the size of the window in zlib's header may be another without harm.
                }
            },
            iter: 300);

    [Fact]
    public void Endless_empty_members_are_refused()
    {
        var member = Coded.By("gzip", []);
        var coded = new byte[member.Length * 100_001];
        for (var i = 0; i < coded.Length; i += member.Length) member.CopyTo(coded, i);

        var exception = Assert.Throws<CodingException>(() => Decode("gzip", coded, 16_000));

        Assert.Contains("members", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_codings_that_are_named_are_known()
    {
        Assert.All(DecodingStream.Accepted.Split(", "), coding => Assert.NotNull(DecodingStream.Open(coding, new MemoryStream())));
        Assert.All(
            (string[])["zstd", "compress", "", "gzip, gzip", "exi"],
            coding => Assert.Null(DecodingStream.Open(coding, new MemoryStream())));
    }

    private static byte[] Decode(string coding, byte[] coded, int piece)
    {
        using var stream = DecodingStream.Open(coding.Replace("raw ", "", StringComparison.Ordinal), new PieceStream(coded, piece))!;
        using var decoded = new MemoryStream();
        stream.CopyToAsync(decoded, 3000).GetAwaiter().GetResult();
        Assert.Equal(coded.Length, stream.CodedCount);
        return decoded.ToArray();
    }

    /// <summary>Gives at most so many bytes at once, as a network does.</summary>
    private sealed class PieceStream(byte[] bytes, int piece) : StashAI.Streams.ReadOnlyStream
    {
        private int position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = Math.Min(Math.Min(piece, buffer.Length), bytes.Length - position);
            bytes.AsMemory(position, length).CopyTo(buffer);
            position += length;
            return ValueTask.FromResult(length);
        }
    }
}
