using System.Buffers;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Routes.Visage;
using StashAI.Gateway.Submit.Interactions;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>Writes the items of a batch into an upload, each as its service takes it, and says what job they make.</summary>
internal sealed class BatchItems(VisageRoutes visage, UpstreamSelector upstreams)
{
    public async Task<NewJob> WriteAsync(
        IUpload upload,
        JsonElement body,
        IServiceAdapter service,
        AdapterOperation operation,
        JsonElement[] items,
        string field,
        bool isSingle,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var name = service.Manifest.Name;
        if (name == VisageAdapter.Name) return await WritePhotosAsync(upload, body, items, field, isSingle, now, cancellationToken);
        if (name == InteractionsAdapter.Name) Check(items, field, fields => InteractionJson.Read(fields, Guid.Empty));
        if (name == SessionsAdapter.Name) Check(items, field, fields => InteractionJson.ReadSession(fields));
        foreach (var item in items)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(Encoding.UTF8.GetBytes(item.GetRawText()), cancellationToken);
        }

        var root = JsonFields.Root(body);
        var config = new JsonFields("config", root.Object("config"));
        return JobSettings.Read(config, now).Apply(new NewJob
        {
            Service = name,
            JobType = operation.JobType,
            TaskType = operation.TaskType,
            Upstream = await AddressAsync(name, operation, root, config, cancellationToken),
            Name = config.Text("job_name") ?? (isSingle ? Submission.NameOfOne(name) : ""),
            IsSingleTask = isSingle,
            UserId = config.Text("user_id") ?? (isSingle ? null : root.Text("user_id")),
            SessionId = config.Text("session_id") ?? (isSingle ? null : root.Text("session_id")),
            Config = root.Raw("config"),
        });
    }

    private async Task<Uri> AddressAsync(
        string service, AdapterOperation operation, JsonFields root, JsonFields config, CancellationToken cancellationToken)
    {
        // These two are this server itself.
        if (service is InteractionsAdapter.Name or SessionsAdapter.Name) return new Uri($"local://{service}/");
        var path = $"/{operation.Name}";
        return await upstreams.SelectAsync(
            service, root.Text("api_url") ?? config.Text("api_url"), path, (given, _) => given == "/" || given == path ? path : null, "api_url", cancellationToken);
    }

    private async Task<NewJob> WritePhotosAsync(
        IUpload upload, JsonElement body, JsonElement[] items, string field, bool isSingle, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var i = 0; i < items.Length; i++)
        {
            var photo = BatchPhoto.Read(items[i], $"{field}[{i}]", i);
            upload.BeginTask();
            upload.BeginPayload(VisageUpload.Slot, photo.DataUrlPrefix);
            await upload.WriteAsync(photo.Bytes, cancellationToken);
            upload.EndPayload();
            await upload.EndTaskAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);
        }

        var request = VisageRequest.Read(body, items.Length, now);
        request = request with { Config = WithIds(request.Config, items) };
        return (await visage.SubmissionOfAsync(request, isSingle, cancellationToken)).Job;
    }

    private static void Check(JsonElement[] items, string field, Action<JsonFields> read)
    {
        for (var i = 0; i < items.Length; i++) read(JsonFields.Item(field, i, items[i]));
    }

    /// <summary>The photos' own ids go along in the configuration, since a photo's task holds nothing but the photo.</summary>
    private static byte[] WithIds(byte[] config, JsonElement[] items)
    {
        if (!items.Any(item => IdOf(item) is not null)) return config;
        var buffer = new ArrayBufferWriter<byte>(config.Length + (items.Length * 16));
        using var old = JsonDocument.Parse(config);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var property in old.RootElement.EnumerateObject()) property.WriteTo(json);
            json.WriteStartArray(ItemIds.Field);
            foreach (var item in items)
            {
                if (IdOf(item) is { } id) id.WriteTo(json);
                else json.WriteNullValue();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static JsonElement? IdOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && (item.TryGetProperty("item_id", out var id) || item.TryGetProperty("id", out id)) ? id : null;
}
