using System.Runtime.CompilerServices;
using System.Text;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Templates;

/// <summary>A file of an item on its way into a request. One of up to a piece (1 MB) is in memory, a larger one streams from the store.</summary>
internal sealed class FilePart
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly TaskPayload? payload;
    private readonly string? prefix;

    private FilePart(string field, long size, ReadOnlyMemory<byte> head, TaskPayload? payload, string? prefix, string? contentType)
    {
        (Field, Size, bytes, this.payload, this.prefix) = (field, size, head, payload, prefix);
        ContentType = contentType ?? PrefixType(prefix) ?? FileKind.ContentType(head.Span);
    }

    /// <summary>The item's property; empty when the item itself is the file.</summary>
    public string Field { get; }

    /// <summary>Bytes.</summary>
    public long Size { get; }

    public string ContentType { get; }

    /// <summary>What stands before the base64 text of a data URL.</summary>
    public string DataUrlPrefix => prefix ?? $"data:{ContentType};base64,";

    public static async Task<FilePart> OpenAsync(string field, TaskPayload payload, CancellationToken cancellationToken)
    {
        await foreach (var piece in payload.ReadAsync(cancellationToken))
            return new FilePart(field, payload.Size, piece.ToArray(), piece.Length == payload.Size ? null : payload, payload.DataUrlPrefix, null);
        return new FilePart(field, 0, ReadOnlyMemory<byte>.Empty, null, payload.DataUrlPrefix, null);
    }

    /// <summary>A file that is in memory.</summary>
    public static FilePart Of(string field, ReadOnlyMemory<byte> bytes, string? contentType) => new(field, bytes.Length, bytes, null, null, contentType);

    /// <summary>The bytes in pieces whose length is a multiple of 3 except for the last; a piece is valid until the next is asked for.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (payload is null)
        {
            yield return bytes;
            yield break;
        }

        await foreach (var piece in payload.ReadAsync(cancellationToken)) yield return piece;
    }

    /// <summary>The whole file as base64, for places that cannot stream.</summary>
    public async Task<string> ReadBase64Async(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await foreach (var piece in ReadAsync(cancellationToken)) text.Append(Convert.ToBase64String(piece.Span));
        return text.ToString();
    }

    private static string? PrefixType(string? prefix)
    {
        if (prefix is null || prefix.Length <= "data:".Length) return null;
        var type = prefix["data:".Length..].Split(';', ',')[0];
        return type.Length > 0 ? type : null;
    }
}
