using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace StashAI.Adapters.Http;

/// <summary>Decodes the escapes of large JSON strings in pieces: a decoder of whole strings would need several times their size.</summary>
internal static class JsonEscapes
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>How many UTF-16 characters the content of a JSON string has without its escapes.</summary>
    /// <param name="content">The string without its quotes; valid UTF-8 and valid JSON.</param>
    public static long CountCharacters(ReadOnlySpan<byte> content)
    {
        long count = Encoding.UTF8.GetCharCount(content);
        for (var rest = content; Next(ref rest, out var rune, out var read);) count += (rune?.Utf16SequenceLength ?? 1) - read;
        return count;
    }

    /// <summary>The number of bytes of the decoded text, UTF-8; null when it is not text, because of half of a surrogate pair.</summary>
    /// <param name="content">The string without its quotes; valid UTF-8 and valid JSON.</param>
    public static long? CountBytes(ReadOnlySpan<byte> content)
    {
        long count = content.Length;
        for (var rest = content; Next(ref rest, out var rune, out var read);)
        {
            if (rune is null) return null;
            count += rune.Value.Utf8SequenceLength - read;
        }

        return count;
    }

    /// <summary>Writes the decoded text, UTF-8.</summary>
    /// <param name="content">The string without its quotes, as text that <see cref="CountBytes"/> has counted.</param>
    /// <param name="stream">Receives the text.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    public static async Task WriteAsync(ReadOnlyMemory<byte> content, Stream stream, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (!content.IsEmpty)
            {
                var (read, written) = Fill(content.Span, piece);
                await stream.WriteAsync(piece.AsMemory(0, written), cancellationToken);
                content = content[read..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Writes the decoded text as a JSON string, as the writer encodes texts.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="content">The string without its quotes, as text that <see cref="CountBytes"/> has counted.</param>
    public static void WriteString(Utf8JsonWriter json, ReadOnlySpan<byte> content)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (!content.IsEmpty)
            {
                var (read, written) = Fill(content, piece);
                content = content[read..];
                json.WriteStringValueSegment(piece.AsSpan(0, written), isFinalSegment: content.IsEmpty);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>How many Unicode code points the decoded text has.</summary>
    /// <param name="content">The string without its quotes, as text that <see cref="CountBytes"/> has counted.</param>
    public static long CountCodePoints(ReadOnlySpan<byte> content)
    {
        long count = 0;
        foreach (var value in content)
        {
            // The first byte of each.
            if ((value & 0xC0) != 0x80) count++;
        }

        for (var rest = content; Next(ref rest, out _, out var read);) count -= read - 1;

        return count;
    }

    private static (int Read, int Written) Fill(ReadOnlySpan<byte> content, Span<byte> piece)
    {
        var rest = content;
        var written = 0;
        while (!rest.IsEmpty && piece.Length - written >= 4)
        {
            var run = rest.IndexOf((byte)'\\');
            var length = Math.Min(run < 0 ? rest.Length : run, piece.Length - written);
            rest[..length].CopyTo(piece[written..]);
            written += length;
            rest = rest[length..];
            if (run != length || piece.Length - written < 4) continue;
            if (Next(ref rest, out var rune, out _) && rune is not null) written += rune.Value.EncodeToUtf8(piece[written..]);
        }

        return (content.Length - rest.Length, written);
    }

    /// <summary>Moves behind the next escape, and behind both halves of a surrogate pair; false when there is none.</summary>
    /// <param name="rest">The text.</param>
    /// <param name="rune">The character; null for half of a pair.</param>
    /// <param name="read">How many bytes stand for it.</param>
    private static bool Next(ref ReadOnlySpan<byte> rest, out Rune? rune, out int read)
    {
        (rune, read) = (null, 0);
        var at = rest.IndexOf((byte)'\\');
        if (at < 0) return false;
        rest = rest[at..];
        var first = Unit(rest, out read);
        rest = rest[read..];
        if (!char.IsSurrogate(first))
        {
            rune = new Rune(first);
        }
        else if (rest is [(byte)'\\', (byte)'u', ..] && Rune.TryCreate(first, Unit(rest, out var second), out var pair))
        {
            (rune, read) = (pair, read + second);
            rest = rest[second..];
        }

        return true;
    }

    private static char Unit(ReadOnlySpan<byte> escape, out int length)
    {
        length = escape[1] == 'u' ? 6 : 2;
        return escape[1] switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'u' => Utf8Parser.TryParse(escape[2..6], out ushort unit, out _, 'x') ? (char)unit : '\uFFFD',
            var other => (char)other,
        };
    }
}
