namespace StashAI.Gateway.Intake;

/// <summary>
/// A part of a token: <see cref="Raw"/> as in the document, with escapes, and <see cref="Text"/> with escapes decoded to UTF-8. Both are
/// the same span unless the piece is an escape. Valid until the next read.
/// </summary>
internal readonly ref struct JsonPiece(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text)
{
    public ReadOnlySpan<byte> Raw { get; } = raw;

    public ReadOnlySpan<byte> Text { get; } = text;
}
