using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake.Items;

/// <summary>A sink for documents without items.</summary>
internal sealed class NoItems : IItemSink
{
    public static NoItems Instance { get; } = new();

    public void BeginItem(PayloadPath path) => throw Never();

    public void BeginFile(string field, string? dataUrlPrefix) => throw Never();

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => throw Never();

    public void EndFile() => throw Never();

    public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => throw Never();

    private static InvalidOperationException Never() => new("This shape has no items.");
}
