using System.Runtime.InteropServices;
using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>A body for a declared service.</summary>
internal sealed class DeclaredForm(
    DeclaredJobs jobs, ServiceEntry entry, ServiceOperation operation, DeclaredItemSink items, bool isSingle, TimeProvider clock)
    : ItemForm(FormFields.Of(entry, operation))
{
    public override BodyShape Shape { get; } = new()
    {
        Lists = [BodyShape.Items],
        Singles = [BodyShape.Item],
        Files = operation.FileFields,
        // The body of a task may be the item itself.
        RootFiles = isSingle ? operation.FileFields : [],
    };

    public override IItemSink Sink => items;

    public override async Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        var isItem = isSingle && !IsLenient && await AddRootItemAsync(body, cancellationToken);
        if (body.Root.ValueKind != JsonValueKind.Object && !isSingle)
        {
            throw RequestException.Missing(
                "body", "The body must be a JSON object with items, or send application/x-ndjson with an item a line.");
        }

        var request = DeclaredRequest.Read(entry, operation, body.Root, isItem, IsLenient, clock.GetUtcNow());
        items.Complete();
        await items.IdentifyAsync(request.ItemIds, $"config.{ItemNames.ListField}", cancellationToken);
        if (items.Count == 0)
        {
            throw RequestException.Missing(
                BodyShape.Items, $"No items provided: send at least one in items{(isSingle ? ", or one in item" : "")}.");
        }

        if (isSingle && items.Count > 1)
        {
            throw RequestException.Invalid(
                BodyShape.Items, $"a task has one item, and these are {items.Count}. For more, use POST /api/{entry.Name}/job.");
        }

        return await jobs.SubmissionOfAsync(entry, operation, request, items, isSingle, cancellationToken);
    }

    /// <summary>A body without `item` and `items` is the item itself, besides what every job may say.</summary>
    private async Task<bool> AddRootItemAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        if (!body.HasOpenItem)
        {
            if (items.Count > 0 || !IsItem(body.Root)) return false;
            items.BeginItem(new PayloadPath(body.Root.ValueKind == JsonValueKind.Object ? "" : "body", null));
        }

        await items.EndItemAsync(ItemOf(body.Root), cancellationToken);
        return true;
    }

    private bool IsItem(JsonElement root) => root.ValueKind != JsonValueKind.Object
        ? operation.Item.Type != FieldType.Record
        : operation.Item.Type is FieldType.Record or FieldType.Any && root.EnumerateObject().Any(property => !IsOfJob(property.Name));

    private bool IsOfJob(string name) => operation.Item.Find(name) is null && DeclaredRequest.IsRootField(entry, name);

    private ReadOnlyMemory<byte> ItemOf(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Undefined) return ReadOnlyMemory<byte>.Empty;
        var buffer = new JsonBuffer(JsonMarshal.GetRawUtf8Value(root).Length);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            if (root.ValueKind == JsonValueKind.Object)
            {
                json.WriteStartObject();
                foreach (var property in root.EnumerateObject().Where(property => !IsOfJob(property.Name)))
                {
                    json.WritePropertyName(property.Name);
                    LargeJson.Write(json, property.Value);
                }

                json.WriteEndObject();
            }
            else
            {
                LargeJson.Write(json, root);
            }
        }

        return buffer.WrittenMemory;
    }
}
