using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake;

/// <summary>
/// Takes decoded payloads in the order of the body, one at a time. The next bytes of the body are read only after the call before has
/// completed, which is the back-pressure. When the intake throws, the payload begun last has no end: discard the whole upload.
/// </summary>
internal interface IIntakeSink
{
    /// <summary>A payload begins; it has at least one byte.</summary>
    /// <param name="path">Which payload it is.</param>
    /// <param name="dataUrlPrefix">What stood before the base64 text, such as <c>data:image/jpeg;base64,</c>, or null.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    ValueTask BeginPayloadAsync(PayloadPath path, string? dataUrlPrefix, CancellationToken cancellationToken);

    /// <summary>The next bytes of the payload, of any length but zero; valid until the returned task completes.</summary>
    ValueTask WritePayloadAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>The payload is complete.</summary>
    ValueTask EndPayloadAsync(CancellationToken cancellationToken);
}
