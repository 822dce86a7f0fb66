using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace StashAI.Bench.Items;

/// <summary>A body of JSON items with one large text each, written while it is sent.</summary>
internal sealed class TextItems(int count, int itemBytes) : HttpContent
{
    // Escapes and characters of several bytes, as texts have them.
    private static readonly string Line = new string('x', 100) + "\\né";

    private static readonly byte[] Lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Line, 500)));

    /// <summary>The SHA-256 of the body of a call that has an item's text under each of these names.</summary>
    public static string HashOfCall(int item, int itemBytes, IReadOnlyList<string> names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < names.Count; i++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{(i == 0 ? '{' : ',')}\"{names[i]}\":\"{item} "));
            foreach (var part in Parts(itemBytes)) hash.AppendData(part.Span);
            hash.AppendData("\""u8);
        }

        hash.AppendData("}"u8);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync("{\"items\":["u8.ToArray());
        for (var i = 0; i < count; i++)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{(i == 0 ? "" : ",")}{{\"text\":\"{i} "));
            foreach (var part in Parts(itemBytes)) await stream.WriteAsync(part);
            await stream.WriteAsync("\"}"u8.ToArray());
        }

        await stream.WriteAsync("]}"u8.ToArray());
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Parts(int bytes)
    {
        for (var left = bytes; left >= Lines.Length; left -= Lines.Length) yield return Lines;
    }
}
