using System.Text.Json;

namespace StashAI.Gateway.Intake;

/// <summary>What is left of a body whose payloads went to the sink. Dispose it: its memory is pooled.</summary>
internal sealed class IntakeResult : IDisposable
{
    private readonly IntakeShape _shape;
    private readonly int[] _counts;
    private readonly EnvelopeBuffer _memory;

    internal IntakeResult(IntakeShape shape, int[] counts, EnvelopeBuffer memory, JsonDocument envelope, long payloadBytes, long bodyBytes)
    {
        _shape = shape;
        _counts = counts;
        _memory = memory;
        Envelope = envelope;
        PayloadBytes = payloadBytes;
        BodyBytes = bodyBytes;
    }

    /// <summary>
    /// The document without its payloads: an array of payloads is empty here, a property whose value was a payload is missing, and
    /// everything else is as it was sent.
    /// </summary>
    public JsonDocument Envelope { get; }

    /// <summary>Decoded bytes of all payloads.</summary>
    public long PayloadBytes { get; }

    /// <summary>Bytes of the body as sent.</summary>
    public long BodyBytes { get; }

    /// <summary>Payloads found at a pattern of the shape, given as in the shape.</summary>
    public int Count(string pattern)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_shape.Patterns[i] == pattern)
            {
                return _counts[i];
            }
        }

        throw new ArgumentException($"'{pattern}' is not a pattern of this shape.", nameof(pattern));
    }

    public void Dispose()
    {
        Envelope.Dispose();
        _memory.Dispose();
    }
}
