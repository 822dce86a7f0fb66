using System.Text.Json;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>Stores the items of a service in code as they arrive, checked by its operation.</summary>
internal sealed class AdapterItemSink(IUpload upload, AdapterOperation operation) : IItemSink
{
    private readonly ItemNaming naming = new();
    private PayloadPath path;

    /// <summary>The number of items.</summary>
    public int Count { get; private set; }

    public void BeginItem(PayloadPath path)
    {
        this.path = path;
        Count++;
        naming.Begin();
        upload.BeginTask();
    }

    public void NameItem(ItemName name) => naming.Give(name);

    public void BeginFile(string field, string? dataUrlPrefix)
    {
        naming.AddDataUrl(dataUrlPrefix);
        upload.BeginPayload(field.Length == 0 ? ServiceOperation.WholeSlot : field, dataUrlPrefix);
    }

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        upload.WriteAsync(bytes, cancellationToken);

    public void EndFile() => upload.EndPayload();

    public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (operation.CheckItem is { } check && !json.IsEmpty)
        {
            using var item = JsonDocument.Parse(json);
            if (check(item.RootElement) is { } fault) throw Refuse(fault);
        }

        upload.NameTask(naming.Item);
        return upload.EndTaskAsync(json, cancellationToken);
    }

    private RequestException Refuse(ItemFault fault)
    {
        var field = (path with { Property = fault.Field.Length == 0 ? null : fault.Field }).ToString();
        return new RequestException(Problem.Invalid($"{field}: {fault.Reason}", field.Length == 0 ? "body" : field, path.Item));
    }
}
