using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>
/// The stored faces of many photos, written while they are read. For each photo: the number of bytes of its faces (32 bits), its threshold
/// (a double; NaN for none), and the faces in the service's own form.
/// </summary>
internal sealed class KeptPhotosContent : HttpContent
{
    private const int HeaderLength = sizeof(int) + sizeof(double);

    private readonly IAsyncEnumerable<GroupingItem> items;

    public KeptPhotosContent(IAsyncEnumerable<GroupingItem> items)
    {
        this.items = items;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var (config, ofJob) = (default(ReadOnlyMemory<byte>), VisageConfig.Read([]));
        var header = new byte[HeaderLength];
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            // Nearly always the job of the photo before.
            if (!item.Config.Equals(config)) (config, ofJob) = (item.Config, VisageConfig.Read(item.Config.Span));
            BinaryPrimitives.WriteInt32LittleEndian(header, item.Derived.Length);
            BinaryPrimitives.WriteDoubleLittleEndian(header.AsSpan(sizeof(int)), ofJob.With(item.Input).Threshold ?? double.NaN);
            await stream.WriteAsync(header, cancellationToken);
            await stream.WriteAsync(item.Derived, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
