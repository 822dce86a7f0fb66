using StashAI.Gateway.Intake;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Tests.Intake;

/// <summary>Keeps every payload and checks the order of the calls.</summary>
internal sealed class RecordingSink : IIntakeSink
{
    private MemoryStream? _open;
    private PayloadPath _path;
    private string? _prefix;

    public List<(PayloadPath Path, string? Prefix, byte[] Bytes)> Payloads { get; } = [];

    public int LargestPiece { get; private set; }

    public ValueTask BeginPayloadAsync(PayloadPath path, string? dataUrlPrefix, CancellationToken cancellationToken)
    {
        Assert.Null(_open);
        _open = new MemoryStream();
        (_path, _prefix) = (path, dataUrlPrefix);
        return ValueTask.CompletedTask;
    }

    public ValueTask WritePayloadAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Assert.NotNull(_open);
        Assert.False(bytes.IsEmpty);
        LargestPiece = Math.Max(LargestPiece, bytes.Length);
        _open.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask EndPayloadAsync(CancellationToken cancellationToken)
    {
        Assert.NotNull(_open);
        Payloads.Add((_path, _prefix, _open.ToArray()));
        _open = null;
        return ValueTask.CompletedTask;
    }
}
