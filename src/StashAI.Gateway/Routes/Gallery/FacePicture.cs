namespace StashAI.Gateway.Routes.Gallery;

/// <summary>The picture of a face as an answer. Only the caller may keep it, and no browser takes it for anything but a picture.</summary>
internal static class FacePicture
{
    public static async Task WriteAsync(HttpContext context, byte[] jpeg)
    {
        var response = context.Response;
        response.ContentType = "image/jpeg";
        response.ContentLength = jpeg.Length;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        await response.Body.WriteAsync(jpeg, context.RequestAborted);
    }
}
