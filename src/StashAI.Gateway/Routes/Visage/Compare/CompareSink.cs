using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Visage.Compare;

/// <summary>Receives the items of a comparison, and its target, which may come before or after them.</summary>
internal sealed class CompareSink(IItemSink items, CompareTarget target) : IItemSink
{
    private IItemSink current = NoItems.Instance;

    public void BeginItem(PayloadPath path)
    {
        current = path.Name == CompareTarget.Field ? target : items;
        current.BeginItem(path);
    }

    public void NameItem(ItemName name) => current.NameItem(name);

    public void BeginFile(string field, string? dataUrlPrefix) => current.BeginFile(field, dataUrlPrefix);

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        current.WriteFileAsync(bytes, cancellationToken);

    public void EndFile() => current.EndFile();

    public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        current.EndItemAsync(json, cancellationToken);
}
