using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>A <see cref="JobPlace"/> as clients hand it back, with the order that it belongs to.</summary>
internal static class JobCursor
{
    private const int Length = 2 + (3 * sizeof(long));

    /// <summary>The most bytes of a text that an order compares.</summary>
    private const int MaxText = 400;

    public static string Write(JobOrder order, JobPlace place)
    {
        var text = Encoding.UTF8.GetBytes(place.Text ?? "");
        var bytes = new byte[Length + text.Length].AsSpan();
        text.CopyTo(bytes[Length..]);
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
        var bytes = text.Length <= Base64Url.GetEncodedLength(Length + MaxText) && Base64Url.IsValid(text)
            ? Base64Url.DecodeFromChars(text).AsSpan()
            : [];
        var isCursor = bytes.Length >= Length && (bytes.Length == Length || order == JobOrder.ByName)
            && bytes[0] == (byte)order && bytes[1] <= 1 && Utf8.IsValid(bytes[Length..]);
        if (!isCursor)
        {
            throw RequestException.Invalid(
                ParameterDoc.Cursor.Name,
                    "it is not valid here; use next of the page before with the same sort, or leave it out for the first page.");
        }

        return new JobPlace(
            BinaryPrimitives.ReadInt64BigEndian(bytes[2..]), BinaryPrimitives.ReadInt64BigEndian(bytes[10..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[18..]), bytes[1] == 1)
        {
            Text = order == JobOrder.ByName ? Encoding.UTF8.GetString(bytes[Length..]) : null,
        };
    }
}
