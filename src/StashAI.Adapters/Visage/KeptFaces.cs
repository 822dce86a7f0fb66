using System.Buffers.Text;
using StashAI.Sdk;

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

    /// <summary>The service's form of them: the first byte.</summary>
    private const byte Form = 1;

    /// <summary>An embedding has 512 numbers of 16 bits; zeros instead mark a face that was erased.</summary>
    private const int EmbeddingLength = 512 * 2;

    /// <summary>Behind the embedding are the quality and the box, five numbers of 32 bits.</summary>
    private const int FaceLength = EmbeddingLength + (5 * sizeof(float));

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

    /// <summary>The outcome of a call with the faces beside the result, if its answer has them.</summary>
    public static TaskOutcome TakeFrom(TaskOutcome outcome) =>
        outcome is TaskOutcome.Completed done && Split(done.Output) is { } split
            ? done with { Output = split.Answer, Derived = split.Faces }
            : outcome;

    /// <summary>
    /// One of the faces in the same form, at the position 0. Faces in an unknown form stay as they are, with the position.
    /// </summary>
    public static (ReadOnlyMemory<byte> Faces, int Position) Take(ReadOnlyMemory<byte> faces, int position) =>
        IsKnown(faces) && position < (faces.Length - 1) / FaceLength
            ? ((byte[])[Form, .. faces.Span.Slice(1 + (position * FaceLength), FaceLength)], 0)
            : (faces, position);

    /// <summary>
    /// The faces without the embeddings of some. Empty, so that none is kept, if the faces are not in the known form.
    /// </summary>
    public static ReadOnlyMemory<byte> Erase(ReadOnlyMemory<byte> faces, IReadOnlyList<int> positions)
    {
        if (!IsKnown(faces) || positions.Any(position => position >= (faces.Length - 1) / FaceLength)) return default;
        var erased = faces.ToArray();
        foreach (var position in positions) erased.AsSpan(1 + (position * FaceLength), EmbeddingLength).Clear();
        return erased;
    }

    private static bool IsKnown(ReadOnlyMemory<byte> faces) =>
        !faces.IsEmpty && faces.Span[0] == Form && (faces.Length - 1) % FaceLength == 0;
}
