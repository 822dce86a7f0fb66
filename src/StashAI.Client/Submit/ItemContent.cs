using System.Buffers;
using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Client.Http;

namespace StashAI.Client.Submit;

/// <summary>
/// The body of a submit, written while the items are read: memory does not grow with the number or the size of the items.
/// </summary>
internal sealed class ItemContent : SentContent
{
    /// <summary>Divisible by three, so that only the end of a file is padded.</summary>
    private const int Piece = 48 * 1024;

    private readonly JsonObject config;
    private readonly IAsyncEnumerable<SubmitItem> items;
    private readonly Func<CancellationToken, Task<FilePlace>> findPlace;
    private readonly IProgress<SubmitProgress>? progress;
    private readonly ArrayBufferWriter<byte> buffer = new(8 * 1024);
    private long sent;
    private int count;

    public ItemContent(
        JsonObject config,
        IAsyncEnumerable<SubmitItem> items,
        Func<CancellationToken, Task<FilePlace>> findPlace,
        IProgress<SubmitProgress>? progress)
    {
        (this.config, this.items, this.findPlace, this.progress) = (config, items, findPlace, progress);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>Writes the body to a stream that is no request.</summary>
    public Task CopyAsync(Stream stream, CancellationToken cancellationToken) => WriteAsync(stream, cancellationToken);

    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        Add($"{{\"config\":{config.ToJsonString()},\"items\":[");
        var reader = items.GetAsyncEnumerator(cancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            while (await FromCallerAsync(reader.MoveNextAsync).ConfigureAwait(false))
            {
                if (count > 0) Add(",");
                await WriteItemAsync(stream, reader.Current, cancellationToken).ConfigureAwait(false);
                count++;
                if (buffer.WrittenCount > Piece) await FlushAsync(stream, cancellationToken).ConfigureAwait(false);
                Report();
            }
        }

        Add("]}");
        await FlushAsync(stream, cancellationToken).ConfigureAwait(false);
        Report();
    }

    private async Task WriteItemAsync(Stream stream, SubmitItem item, CancellationToken cancellationToken)
    {
        if (item.Json is { } json)
        {
            buffer.Write(json);
            return;
        }

        var place = await findPlace(cancellationToken).ConfigureAwait(false);
        if (place.Field is not null) Add($"{{{Text(place.Field)}:");
        if (item.ServerPath is { } path)
        {
            // The server names the item by its file where the item is one.
            var name = place.Field is null && item.Id is { } own && !path.EndsWith("/" + own, StringComparison.Ordinal)
                ? $",{Text(place.IdField)}:{Text(own)}" : "";
            Add($"{{\"path\":{Text(path)}{name}}}");
        }
        else
        {
            await WriteBytesAsync(stream, item, place, cancellationToken).ConfigureAwait(false);
        }

        if (place.Field is null) return;
        if (item.Id is { } id) Add($",{Text(place.IdField)}:{Text(id)}");
        Add("}");
    }

    private async Task WriteBytesAsync(Stream stream, SubmitItem item, FilePlace place, CancellationToken cancellationToken)
    {
        Add("\"");
        if (place.Field is null && item.Id is { } name) Add($"data:application/octet-stream;name={Uri.EscapeDataString(name)};base64,");
        await WriteFileAsync(stream, item, cancellationToken).ConfigureAwait(false);
        Add("\"");
    }

    private async Task WriteFileAsync(Stream stream, SubmitItem item, CancellationToken cancellationToken)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Piece);
        var file = await FromCallerAsync(() => item.Open!(cancellationToken)).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var read = await FromCallerAsync(() => new ValueTask<int>(file.ReadAtLeastAsync(
                    bytes.AsMemory(0, Piece), Piece, throwOnEndOfStream: false, cancellationToken).AsTask())).ConfigureAwait(false);
                if (read == 0) break;
                var target = buffer.GetSpan(Base64.GetMaxEncodedToUtf8Length(read));
                Base64.EncodeToUtf8(bytes.AsSpan(0, read), target, out _, out var written);
                buffer.Advance(written);
                await FlushAsync(stream, cancellationToken).ConfigureAwait(false);
                Report();
                if (read < Piece) break;
            }
        }
        finally
        {
            await file.DisposeAsync().ConfigureAwait(false);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Add(string text) => Encoding.UTF8.GetBytes(text, buffer);

    private static string Text(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private async Task FlushAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        sent += buffer.WrittenCount;
        buffer.ResetWrittenCount();
    }

    private void Report() => progress?.Report(new SubmitProgress(count, sent));
}
