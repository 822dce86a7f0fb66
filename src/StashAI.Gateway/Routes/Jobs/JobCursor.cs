using System.Buffers.Binary;
using System.Buffers.Text;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>A <see cref="JobPlace"/> as clients hand it back, with the order that it belongs to.</summary>
internal static class JobCursor
{
    private const int Length = 2 + (3 * sizeof(long));

    public static string Write(JobOrder order, JobPlace place)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = (byte)order;
        bytes[1] = place.IsTotalExact ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], place.Rank);
        BinaryPrimitives.WriteInt64BigEndian(bytes[10..], place.Key);
        BinaryPrimitives.WriteInt64BigEndian(bytes[18..], place.Total);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The place of the query's cursor; null when it has none.</summary>
    /// <exception cref="RequestException">It is no cursor of this order.</exception>
    public static JobPlace? Read(IQueryCollection query, JobOrder order)
    {
        if (query.Text(ParameterDoc.Cursor) is not { } text) return null;
        Span<byte> bytes = stackalloc byte[Length];
        var isCursor = text.Length == Base64Url.GetEncodedLength(Length) && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out _)
            && bytes[0] == (byte)order && bytes[1] <= 1;
        if (!isCursor)
        {
            throw RequestException.Invalid(
                ParameterDoc.Cursor.Name,
                    "it is not valid here; use next of the page before with the same sort, or leave it out for the first page.");
        }

        return new JobPlace(
            BinaryPrimitives.ReadInt64BigEndian(bytes[2..]), BinaryPrimitives.ReadInt64BigEndian(bytes[10..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[18..]), bytes[1] == 1);
    }
}
