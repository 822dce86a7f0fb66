using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using StashAI.Queue.Model;
using StashAI.Queue.Store;
using StashAI.Server.Api.Previews;
using StashAI.Server.Secrets;

namespace StashAI.Server.Api.Wire;

/// <summary>How much of the inputs an answer holds.</summary>
internal enum InputDetail
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The parameters, and where the binary parts can be fetched.</summary>
    Reference,

    /// <summary>Small JPEGs of the photos too.</summary>
    Preview,

    /// <summary>The binary parts too, as they were sent.</summary>
    Full,
}

/// <summary>Writes `input_data` of a task. Photos go from the store to the client in pieces.</summary>
internal sealed class TaskInputWriter(IRead store, PreviewReader? previews, PipeWriter pipe, Utf8JsonWriter json, JobView job) : IDisposable
{
    /// <summary>`input_data` with all but previews.</summary>
    public TaskInputWriter(IRead store, PipeWriter pipe, Utf8JsonWriter json, JobView job)
        : this(store, null, pipe, json, job)
    {
    }

    private static readonly string[] Shared = ["threshold", "visage_api_url", "additional_params", "entity_type", "entity_id", "image_id", "scene_id", "gallery_id"];

    /// <summary>Bytes written as base64 at once: a multiple of 3, and small enough for the pipe's own buffers.</summary>
    private const int Portion = 48 * 1024;

    private IReadOnlyList<PayloadRef>? jobParts;

    private readonly JsonDocument? config = job.Config.IsEmpty ? null : JsonDocument.Parse(SecretVault.Hide(job.Config));

    /// <summary>What <see cref="WriteAsync(TaskView, InputDetail, IEnumerable{PayloadRef}, CancellationToken)"/> needs of many tasks, in one read.</summary>
    public static async Task<ILookup<long, PayloadRef>> LookAsync(
        IRead store, IReadOnlyList<TaskView> tasks, InputDetail detail, CancellationToken cancellationToken) =>
        await store.ListPayloadsAsync(detail == InputDetail.None ? [] : [.. tasks.Select(task => task.Key)], cancellationToken);

    /// <summary>Of one task alone.</summary>
    public async Task WriteAsync(TaskView task, InputDetail detail, CancellationToken cancellationToken) =>
        await WriteAsync(task, detail, (await LookAsync(store, [task], detail, cancellationToken))[task.Key], cancellationToken);

    /// <summary>Of a task whose binary parts are known.</summary>
    public async Task WriteAsync(TaskView task, InputDetail detail, IEnumerable<PayloadRef> payloads, CancellationToken cancellationToken)
    {
        if (detail == InputDetail.None) return;
        json.WriteStartObject("input_data");
        WriteParameters(task);
        WriteUrls(task, [.. payloads, .. jobParts ??= await JobParts.ReadAsync(store, job, cancellationToken)]);
        var isPreview = false;
        foreach (var payload in payloads)
        {
            if (detail == InputDetail.Full) await WritePayloadAsync(payload, cancellationToken);
            if (detail == InputDetail.Preview) isPreview |= await WritePreviewAsync(payload, cancellationToken);
        }

        if (isPreview) json.WriteBoolean("is_preview", true);
        json.WriteEndObject();
    }

    public void Dispose() => config?.Dispose();

    private void WriteParameters(TaskView task)
    {
        var ordinal = task.Ordinal;
        json.WriteNumber("batch_index", ordinal);
        if (!task.Input.IsEmpty) json.WriteRaw("item", task.Input);
        if (config is null) return;
        var hasOwnEntity = config.RootElement.TryGetProperty("entity_ids", out var ids) && ordinal < ids.GetArrayLength();
        foreach (var name in Shared)
        {
            if ((hasOwnEntity && name == "entity_id") || !config.RootElement.TryGetProperty(name, out var value)) continue;
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        if (hasOwnEntity)
        {
            json.WritePropertyName("entity_id");
            ids[ordinal].WriteTo(json);
        }
    }

    /// <summary>Where each part is to be had; what all tasks of a job share is never written into each of them.</summary>
    private void WriteUrls(TaskView task, IReadOnlyList<PayloadRef> payloads)
    {
        if (payloads.Count == 0) return;
        json.WriteString("input_url", Url(payloads[0]));
        if (payloads.Count == 1) return;
        json.WriteStartObject("input_urls");
        foreach (var payload in payloads) json.WriteString(payload.Slot, Url(payload));
        json.WriteEndObject();

        string Url(PayloadRef payload) => $"/api/queue/task/{TaskKey.TaskId(job.JobId, task.Ordinal)}/input/{payload.Slot}";
    }

    private async Task<bool> WritePreviewAsync(PayloadRef payload, CancellationToken cancellationToken)
    {
        if (previews is null || await previews.ReadAsync(payload, cancellationToken) is not { } jpeg) return false;
        json.WriteBase64String(payload.Slot, jpeg);
        await json.FlushAsync(cancellationToken);
        await pipe.FlushAsync(cancellationToken);
        return true;
    }

    private async Task WritePayloadAsync(PayloadRef payload, CancellationToken cancellationToken)
    {
        json.WritePropertyName(payload.Slot);
        // As UTF-8 like the rest: the writer does not join segments of two encodings.
        if (payload.DataUrlPrefix is { } prefix) json.WriteStringValueSegment(Encoding.UTF8.GetBytes(prefix), isFinalSegment: false);
        await foreach (var piece in store.ReadPayloadAsync(payload.Key, payload.Size, cancellationToken))
        {
            for (var rest = piece; rest.Length > 0; rest = rest[Math.Min(rest.Length, Portion)..])
            {
                WriteBase64(rest.Span[..Math.Min(rest.Length, Portion)]);
                await json.FlushAsync(cancellationToken);
                await pipe.FlushAsync(cancellationToken);
            }
        }

        json.WriteStringValueSegment(""u8, isFinalSegment: true);
    }

    private void WriteBase64(ReadOnlySpan<byte> chunk)
    {
        var text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(chunk.Length));
        try
        {
            Base64.EncodeToUtf8(chunk, text, out _, out var written);
            json.WriteStringValueSegment(text.AsSpan(0, written), isFinalSegment: false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }
}
