using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake;

/// <summary>
/// How far the file is that is being read: it begins and ends at its receiver in step with the decoder, whose few kilobytes may hold its
/// beginning, its end, or both.
/// </summary>
internal sealed class PayloadRelay(PayloadDecoder decoder)
{
    private Stage stage;

    private enum Stage : byte
    {
        None,
        Decoding,
        Begun,
        Ending,
        EndingBegun,
    }

    /// <summary>True from the start of a file until its end was handed on.</summary>
    public bool IsOpen => stage != Stage.None;

    /// <summary>True when something must be handed on before more is read.</summary>
    public bool NeedsFlush => decoder.IsFull || stage >= Stage.Ending;

    /// <summary>True when the receiver must hear of the file first; then call <see cref="Begun"/>.</summary>
    public bool MustBegin => stage is Stage.Decoding or Stage.Ending;

    /// <summary>True when the receiver has all but the end; then call <see cref="Ended"/>.</summary>
    public bool MustEnd => stage == Stage.EndingBegun;

    public void Start(PayloadPath path)
    {
        stage = Stage.Decoding;
        decoder.Start(path);
    }

    /// <summary>Takes the next token of the file's text.</summary>
    public void Take(JsonToken token, JsonPiece piece)
    {
        if (token == JsonToken.StringPiece)
        {
            decoder.Append(piece.Text);
            return;
        }

        decoder.Complete();
        stage = stage == Stage.Begun ? Stage.EndingBegun : Stage.Ending;
    }

    public void Begun() => stage = stage == Stage.Ending ? Stage.EndingBegun : Stage.Begun;

    public void Ended() => stage = Stage.None;
}
