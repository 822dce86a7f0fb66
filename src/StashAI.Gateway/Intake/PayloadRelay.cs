using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake;

/// <summary>
/// Tracks the progress of the file that is being read, and passes its beginning and end to the receiver in step with the decoder, whose
/// small buffer may contain either or both.
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

    /// <summary>True from the start of a file until its end was passed on.</summary>
    public bool IsOpen => stage != Stage.None;

    /// <summary>True when something must be passed on before more is read.</summary>
    public bool NeedsFlush => decoder.IsFull || stage >= Stage.Ending;

    /// <summary>True when the receiver must be told of the file first; then call <see cref="Begun"/>.</summary>
    public bool MustBegin => stage is Stage.Decoding or Stage.Ending;

    /// <summary>True when the receiver has everything but the end; then call <see cref="Ended"/>.</summary>
    public bool MustEnd => stage == Stage.EndingBegun;

    public void Start(PayloadPath path)
    {
        stage = Stage.Decoding;
        decoder.Start(path);
    }

    /// <summary>Adds the next token of the file's text.</summary>
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
