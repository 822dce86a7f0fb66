using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>A body for a declared service, in any of its forms: a JSON document, a line for each item, or a form with files.</summary>
internal sealed class DeclaredForm(
    DeclaredJobs jobs, ServiceEntry entry, ServiceOperation operation, DeclaredItemSink items, bool isSingle, TimeProvider clock) : JobForm
{
    private const string Lines = "application/x-ndjson";
    private const string Form = "multipart/form-data";

    /// <summary>True when values are texts, as in forms and queries.</summary>
    private bool isLenient;

    public override BodyShape Shape { get; } = new()
    {
        Lists = [BodyShape.Items],
        Singles = [BodyShape.Item],
        Files = operation.FileFields,
        // The body of a task may be the item itself.
        RootFiles = isSingle ? operation.FileFields : [],
    };

    public override IItemSink Sink => items;

    protected override IReadOnlyList<string> OtherTypes => [Lines, Form];

    public override async Task<BodyEnvelope> ReadAsync(
        HttpContext context, IntakeLimits limits, IncrementalHash? digest, CancellationToken cancellationToken)
    {
        var media = BodyType.Of(context.Request);
        // The type decides how the body is read. Of a form it is the media type alone: its boundary is another each time.
        if (digest is not null) RequestDigest.Add(digest, media);
        switch (media)
        {
            case not null when IsLines(media):
                isLenient = true;
                BodyType.RequireUtf8(context.Request);
                await ItemIntake.ReadLinesAsync(
                    context.Request.BodyReader, operation.FileFields, items, limits, cancellationToken, digest);
                return new BodyEnvelope(QueryConfig.Read(ConfigOf(context.Request)), memory: null);
            case Form:
                isLenient = true;
                return new BodyEnvelope(
                    await new FormIntake(entry, operation, items, limits, digest).ReadAsync(context.Request, cancellationToken),
                    memory: null);
            default:
                return await base.ReadAsync(context, limits, digest, cancellationToken);
        }
    }

    /// <summary>
    /// True for a body of lines, which has no room for a configuration: the query holds it. <see cref="DeclaredRequest"/> knows the keys
    /// that the service declares, and refuses others.
    /// </summary>
    public static bool HasConfigInQuery(HttpRequest request) => IsLines(BodyType.Of(request));

    public override async Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        var isItem = isSingle && !isLenient && await AddRootItemAsync(body, cancellationToken);
        if (body.Root.ValueKind != JsonValueKind.Object && !isSingle)
        {
            throw RequestException.Missing(
                "body", "The body must be a JSON object with items, or send application/x-ndjson with an item a line.");
        }

        var request = DeclaredRequest.Read(entry, operation, body.Root, isItem, isLenient, clock.GetUtcNow());
        items.Complete();
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

    /// <summary>True for the media types of a body with an item a line.</summary>
    public static bool IsLines(string media) =>
        media is Lines or "application/ndjson" or "application/jsonl" or "application/x-jsonlines"
            or "application/jsonlines";

    private static IEnumerable<KeyValuePair<string, string>> ConfigOf(HttpRequest request) => request.Query
        .Where(one => one.Key is not ("operation" or "dialect"))
        .SelectMany(one => one.Value.Select(value => new KeyValuePair<string, string>(one.Key, value ?? "")));

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
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            if (root.ValueKind == JsonValueKind.Object)
            {
                json.WriteStartObject();
                foreach (var property in root.EnumerateObject().Where(property => !IsOfJob(property.Name))) property.WriteTo(json);
                json.WriteEndObject();
            }
            else
            {
                root.WriteTo(json);
            }
        }

        return buffer.WrittenMemory;
    }
}
