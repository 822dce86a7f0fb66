namespace StashAI.Visage.Hosting;

/// <summary>
/// Refuses requests for the gallery without the secret. Any program and many web pages on this machine can reach the port, but only the
/// gateway, which has keys and roles, may read and change the gallery.
/// </summary>
internal sealed class GalleryGuard(RequestDelegate next, GallerySecret secret)
{
    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<GalleryRoute>() is null || secret.IsGiven(context.Request)
            || (metadata.GetMetadata<SignedPicture>() is not null && secret.IsSigned(context.Request)))
        {
            return next(context);
        }

        throw new RequestRefusedException(
            StatusCodes.Status403Forbidden,
            $"The gallery needs the secret that this service shares with its gateway, in the header {GallerySecret.Header}. Use "
            + "/api/people of the gateway instead. If a gateway sent this request, both must read the same file (VISAGE_SECRET_FILE).");
    }
}
