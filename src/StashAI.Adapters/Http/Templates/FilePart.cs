using System.Runtime.CompilerServices;
using System.Text;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// A file of an item that a request sends. A file of up to 1 MB (one piece) is kept in memory; a larger one is streamed from the store.
/// </summary>
internal sealed class FilePart
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly TaskPayload? payload;
    private readonly string? prefix;

    private FilePart(string field, long size, ReadOnlyMemory<byte> head, TaskPayload? payload, string? prefix, string? contentType)
    {
        (Field, Size, bytes, this.payload, this.prefix) = (field, size, head, payload, prefix);
        ContentType = contentType ?? FileKind.ContentType(ContentTypeOf(prefix), head.Span);
    }

    /// <summary>The item's property that holds the file; empty when the item itself is the file.</summary>
    public string Field { get; }

    /// <summary>The size in bytes.</summary>
    public long Size { get; }

    public string ContentType { get; }

    /// <summary>The name that the client gave the file; null for none.</summary>
    public string? FileName => DataUrlName.Read(prefix);

    /// <summary>What stands before the base64 text of a data URL: what the client sent, unless its type says nothing.</summary>
    public string DataUrlPrefix =>
        prefix is not null && FileName is null && ContentTypeOf(prefix) == ContentType ? prefix : $"data:{ContentType};base64,";

    public static async Task<FilePart> OpenAsync(string field, TaskPayload payload, CancellationToken cancellationToken)
    {
        await foreach (var piece in payload.ReadAsync(cancellationToken))
        {
            return new FilePart(
                field, payload.Size, piece.ToArray(), piece.Length == payload.Size ? null : payload, payload.DataUrlPrefix, null);
        }

        return new FilePart(field, 0, ReadOnlyMemory<byte>.Empty, null, payload.DataUrlPrefix, null);
    }

    /// <summary>A file that was fetched into memory, with the type that its server gave it.</summary>
    public static FilePart Fetched(string field, ReadOnlyMemory<byte> bytes, string? contentType) =>
        new(field, bytes.Length, bytes, null, null, FileKind.FetchedType(contentType, bytes.Span));

    /// <summary>
    /// Reads the bytes in pieces; the length of every piece except the last is a multiple of 3. A piece is valid until the next one is
    /// requested.
    /// </summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (payload is null)
        {
            yield return bytes;
            yield break;
        }

        await foreach (var piece in payload.ReadAsync(cancellationToken)) yield return piece;
    }

    /// <summary>Reads the whole file as base64, for places that cannot be streamed.</summary>
    public async Task<string> ReadBase64Async(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await foreach (var piece in ReadAsync(cancellationToken)) text.Append(Convert.ToBase64String(piece.Span));
        return text.ToString();
    }

    private static string? ContentTypeOf(string? prefix)
    {
        if (prefix is null || prefix.Length <= "data:".Length) return null;
        var type = prefix["data:".Length..].Split(';', ',')[0];
        return type.Length > 0 ? type : null;
    }
}
