using System.Buffers.Text;

namespace StashAI.Adapters.Visage;

/// <summary>
/// The faces that the face service adds to its answer for this gateway, in its own form, as base64 in the last property. They are stored
/// beside the result, which has everything else.
/// </summary>
internal static class KeptFaces
{
    /// <summary>The header that asks for them; a service that does not know it answers without.</summary>
    public const string Header = "X-StashAI-Keep";

    public const string HeaderValue = "faces";

    /// <summary>Takes the faces out of an answer; null for an answer without them.</summary>
    public static (ReadOnlyMemory<byte> Answer, ReadOnlyMemory<byte> Faces)? Split(ReadOnlyMemory<byte> answer)
    {
        // Inside a text the quotation marks would be escaped, and base64 has none, so that this is the last property or none.
        var opening = ",\"kept_faces\":\""u8;
        var closing = "\"}"u8;
        var at = answer.Span.LastIndexOf(opening);
        if (at < 0 || !answer.Span.EndsWith(closing)) return null;
        var text = answer.Span[(at + opening.Length)..^closing.Length];
        var faces = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, faces, out _, out var length) != System.Buffers.OperationStatus.Done) return null;
        return ((byte[])[.. answer.Span[..at], .. "}"u8], faces.AsMemory(0, length));
    }
}
