using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Previews;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>How much of the inputs an answer contains.</summary>
internal enum InputDetail
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The parameters, and the URLs of the binary parts.</summary>
    Reference,

    /// <summary>Also small JPEGs of the photos.</summary>
    Preview,

    /// <summary>Also the binary parts as sent.</summary>
    Full,
}

/// <summary>Writes <c>input_data</c> of a task. Photos are streamed from the store to the client.</summary>
internal sealed class TaskInputWriter(
    HttpContext context, IRead store, JobParts parts, Utf8JsonWriter json, JobView job, PreviewShelf? previews = null)
    : IDisposable
{
    /// <summary>How many bytes are written as base64 at once: a multiple of 3, and small enough for the pipe's buffers.</summary>
    private const int Portion = 48 * 1024;

    private static readonly ReadOnlyMemory<byte> ItemMember = ",\"item\":"u8.ToArray();

    private IReadOnlyList<PayloadRef>? jobParts;

    private readonly SharedInput shared = new(job);

    private readonly PreviewWait? wait = previews?.BeginAnswer();

    /// <summary>The position of the first task whose preview is missing; null when none is.</summary>
    public int? FirstPending { get; private set; }

    /// <summary>
    /// Reads for many tasks at once what <see cref="WriteAsync(TaskView, InputDetail, IEnumerable{PayloadRef}, CancellationToken)"/> needs.
    /// </summary>
    public static async Task<ILookup<long, PayloadRef>> LookAsync(
        IRead store, IReadOnlyList<TaskView> tasks, InputDetail detail, CancellationToken cancellationToken) =>
        await store.ListPayloadsAsync(detail == InputDetail.None ? [] : [.. tasks.Select(task => task.Key)], cancellationToken);

    /// <summary>Writes the input of a single task.</summary>
    public async Task WriteAsync(TaskView task, InputDetail detail, CancellationToken cancellationToken) =>
        await WriteAsync(task, detail, (await LookAsync(store, [task], detail, cancellationToken))[task.Key], cancellationToken);

    /// <summary>Writes the input of a task whose binary parts were read before.</summary>
    public async Task WriteAsync(TaskView task, InputDetail detail, IEnumerable<PayloadRef> payloads, CancellationToken cancellationToken)
    {
        if (detail == InputDetail.None) return;
        json.WriteStartObject("input_data");
        var lost = await WriteParametersAsync(task, cancellationToken);
        WriteUrls(task, [.. payloads, .. jobParts ??= await parts.ReadAsync(job, cancellationToken)]);
        var (isPreview, isPending) = (false, false);
        foreach (var payload in payloads)
        {
            if (detail == InputDetail.Full) lost = await WritePayloadAsync(payload, cancellationToken) ?? lost;
            if (detail != InputDetail.Preview || previews is null) continue;
            var preview = await previews.ReadAsync(payload, wait!, cancellationToken);
            isPreview |= preview is { Length: > 0 };
            isPending |= preview is null;
            await WritePreviewAsync(payload, preview, cancellationToken);
        }

        if (lost is not null) json.WriteString("input_error", lost);
        if (isPreview) json.WriteBoolean("is_preview", true);
        if (isPending)
        {
            json.WriteBoolean("preview_pending", true);
            FirstPending ??= task.Ordinal;
        }

        json.WriteEndObject();
    }

    public void Dispose() => shared.Dispose();

    /// <returns>Why the item is not there; null when it is.</returns>
    private async ValueTask<string?> WriteParametersAsync(TaskView task, CancellationToken cancellationToken)
    {
        json.WriteNumber("batch_index", task.Ordinal);
        string? lost = null;
        if (task.LargeInput is { } large) lost = await WriteItemAsync(large, cancellationToken);
        else if (!task.Input.IsEmpty) json.WriteRaw("item", task.Input);
        shared.Write(json, task.Ordinal);
        return lost;
    }

    /// <summary>
    /// Writes a large input in pieces, past the JSON writer, which would collect the whole value: it stands behind another member, so the
    /// writer's state stays right.
    /// </summary>
    /// <returns>Why it is written as null; null when it is not.</returns>
    private async ValueTask<string?> WriteItemAsync(LargeInput large, CancellationToken cancellationToken)
    {
        if (await FindLossAsync(large.PayloadKey, large.Size, cancellationToken) is { } lost)
        {
            json.WriteNull("item");
            return lost;
        }

        await json.FlushAsync(cancellationToken);
        var body = context.Response.BodyWriter;
        await body.WriteAsync(ItemMember, cancellationToken);
        await foreach (var piece in store.ReadPayloadAsync(large.PayloadKey, large.Size, cancellationToken))
            await body.WriteAsync(piece, cancellationToken);
        return null;
    }

    /// <summary>
    /// Says why bytes cannot be read; null when all of them can. They are read once for that: what is found behind the first bytes of an
    /// answer can only break it off, and with it what is known of all other tasks.
    /// </summary>
    private async ValueTask<string?> FindLossAsync(long payloadKey, long size, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in store.ReadPayloadAsync(payloadKey, size, cancellationToken))
            {
            }

            return null;
        }
        catch (Exception exception) when (exception is PayloadLostException or PayloadFileException)
        {
            return exception.Message;
        }
    }

    /// <summary>Writes the URL of each part. Parts that all tasks of a job share are not written into each task.</summary>
    private void WriteUrls(TaskView task, IReadOnlyList<PayloadRef> payloads)
    {
        if (payloads.Count == 0) return;
        json.WriteString("input_url", Url(payloads[0]));
        if (payloads.Count == 1) return;
        json.WriteStartObject("input_urls");
        foreach (var payload in payloads) json.WriteString(payload.Slot, Url(payload));
        json.WriteEndObject();

        string Url(PayloadRef payload) =>
            context.Request.LinkTo($"/api/queue/task/{TaskKey.TaskId(job.JobId, task.Ordinal)}/input/{payload.Slot}");
    }

    /// <summary>Writes a preview: null while it is not made; nothing when there can be none.</summary>
    private async Task WritePreviewAsync(PayloadRef payload, byte[]? preview, CancellationToken cancellationToken)
    {
        if (preview is null) json.WriteNull(payload.Slot);
        if (preview is not { Length: > 0 }) return;
        json.WriteBase64String(payload.Slot, preview);
        await json.FlushAsync(cancellationToken);
        await context.Response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <returns>Why it is written as null; null when it is not.</returns>
    private async Task<string?> WritePayloadAsync(PayloadRef payload, CancellationToken cancellationToken)
    {
        if (await FindLossAsync(payload.Key, payload.Size, cancellationToken) is { } lost)
        {
            json.WriteNull(payload.Slot);
            return lost;
        }

        json.WritePropertyName(payload.Slot);
        // As UTF-8 like the rest: the writer cannot combine segments of different encodings.
        if (payload.DataUrlPrefix is { } prefix) json.WriteStringValueSegment(Encoding.UTF8.GetBytes(prefix), isFinalSegment: false);
        await foreach (var piece in store.ReadPayloadAsync(payload.Key, payload.Size, cancellationToken))
        {
            for (var rest = piece; rest.Length > 0; rest = rest[Math.Min(rest.Length, Portion)..])
            {
                WriteBase64(rest.Span[..Math.Min(rest.Length, Portion)]);
                await json.FlushAsync(cancellationToken);
                await context.Response.BodyWriter.FlushAsync(cancellationToken);
            }
        }

        json.WriteStringValueSegment(""u8, isFinalSegment: true);
        return null;
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
