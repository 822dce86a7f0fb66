using System.IO.Compression;
using Microsoft.Net.Http.Headers;
using StashAI.Hosting.Answers;

namespace StashAI.Gateway.Pages.Dashboard;

/// <summary>
/// A file of the dashboard. It is embedded compressed, as nearly every browser takes it, and decompressed once for a client that does not.
/// Its name has a hash of its content, so it never changes and is its own entity tag.
/// </summary>
internal sealed class DashboardAsset(string name, byte[] brotli)
{
    private const string Brotli = "br";
    private readonly Lazy<byte[]> plain = new(() => Decompress(brotli));
    private readonly string contentType = AssetTypes.Of(name);

    public async Task WriteAsync(HttpContext context)
    {
        var isCompressed = AcceptedCodings.Includes(context.Request, Brotli);
        var headers = context.Response.Headers;
        headers.ETag = isCompressed ? $"\"{name}.br\"" : $"\"{name}\"";
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        headers.XContentTypeOptions = "nosniff";
        if (EntityTags.IsKnown(context.Request, headers.ETag!))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (isCompressed) headers.ContentEncoding = Brotli;
        var bytes = isCompressed ? brotli : plain.Value;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static byte[] Decompress(byte[] brotli)
    {
        using var plain = new MemoryStream();
        using (var stream = new BrotliStream(new MemoryStream(brotli), CompressionMode.Decompress)) stream.CopyTo(plain);
        return plain.ToArray();
    }
}
