using System.Security.Cryptography;
using StashAI.Gateway.Pages.Dashboard;
using StashAI.Hosting.Answers;

namespace StashAI.Gateway.Pages;

/// <summary>A file of a page, embedded in the program. Browsers revalidate it each time.</summary>
internal sealed class PageAsset
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly string contentType;
    private readonly string tag;

    private PageAsset(byte[] bytes, string contentType)
    {
        (this.bytes, this.contentType) = (bytes, contentType);
        tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"";
    }

    /// <summary>An embedded file by name, or null.</summary>
    public static PageAsset? Find(string name)
    {
        using var stream = typeof(PageAsset).Assembly.GetManifestResourceStream(name);
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new PageAsset(bytes, AssetTypes.Of(name));
    }

    public async Task WriteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        if (EntityTags.IsKnown(context.Request, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
