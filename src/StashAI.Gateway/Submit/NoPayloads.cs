using StashAI.Gateway.Intake;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Submit;

/// <summary>For bodies without payloads.</summary>
internal sealed class NoPayloads : IIntakeSink
{
    public static NoPayloads Instance { get; } = new();

    public ValueTask BeginPayloadAsync(PayloadPath path, string? dataUrlPrefix, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This shape has no payloads.");

    public ValueTask WritePayloadAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This shape has no payloads.");

    public ValueTask EndPayloadAsync(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This shape has no payloads.");
}
