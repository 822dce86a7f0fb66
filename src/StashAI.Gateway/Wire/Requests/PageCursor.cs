using System.Buffers.Binary;
using System.Buffers.Text;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Requests;

/// <summary>
/// Where the next page of a list starts: `next` of one page is `cursor` of the following. Clients only hand it back. It names a place, so
/// entries that come or go in between move no page.
/// </summary>
internal static class PageCursor
{
    public static string Write(long place)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, place);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The place of the query's cursor; null when it has none.</summary>
    /// <exception cref="RequestException">It is no cursor.</exception>
    public static long? Read(IQueryCollection query)
    {
        if (query.Text(ParameterDoc.Cursor) is not { } text) return null;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        var isCursor = text.Length == Base64Url.GetEncodedLength(sizeof(long)) && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out _)
            && BinaryPrimitives.ReadInt64BigEndian(bytes) >= 0;
        return isCursor
            ? BinaryPrimitives.ReadInt64BigEndian(bytes)
            : throw RequestException.Invalid(
                ParameterDoc.Cursor.Name, "it is not valid; use next of the page before, or leave it out for the first page.");
    }
}
