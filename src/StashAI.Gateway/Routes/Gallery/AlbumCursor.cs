using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Subjects;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>Where the next page of photos or of people starts. Clients only hand it back.</summary>
internal static class AlbumCursor
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Write(SubjectPlace place)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double) + sizeof(long)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, place.Score);
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(double)..], place.TaskKey);
        return Base64Url.EncodeToString(bytes);
    }

    public static string Write(SubjectCount last)
    {
        var bytes = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(last.Subject)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, last.Tasks);
        Encoding.UTF8.GetBytes(last.Subject, bytes.AsSpan(sizeof(int)));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The place of the query's cursor; null when it has none.</summary>
    /// <exception cref="RequestException">It is no cursor of such a list.</exception>
    public static SubjectPlace? ReadPlace(IQueryCollection query)
    {
        if (Bytes(query) is not { } bytes) return null;
        if (bytes.Length != sizeof(double) + sizeof(long)) throw Invalid();
        var score = BinaryPrimitives.ReadDoubleBigEndian(bytes);
        var task = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(sizeof(double)));
        return double.IsFinite(score) && task >= 0 ? new SubjectPlace(score, task) : throw Invalid();
    }

    /// <inheritdoc cref="ReadPlace"/>
    public static SubjectCount? ReadCount(IQueryCollection query)
    {
        if (Bytes(query) is not { } bytes) return null;
        if (bytes.Length <= sizeof(int)) throw Invalid();
        var tasks = BinaryPrimitives.ReadInt32BigEndian(bytes);
        string subject;
        try
        {
            subject = Strict.GetString(bytes.AsSpan(sizeof(int)));
        }
        catch (DecoderFallbackException)
        {
            throw Invalid();
        }

        return tasks > 0 && subject.Length <= IResultSubjects.MaxIdLength && !subject.Contains('\0')
            ? new SubjectCount(subject, tasks)
            : throw Invalid();
    }

    private static byte[]? Bytes(IQueryCollection query) => query.Text(ParameterDoc.Cursor) is not { } text ? null
        : Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text)
        : throw Invalid();

    private static RequestException Invalid() => RequestException.Invalid(
        ParameterDoc.Cursor.Name, "it is not valid; use next of the page before, or leave it out for the first page.");
}
