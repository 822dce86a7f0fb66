using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Hosting;
using StashAI.Visage.Imaging;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>
/// Makes a small JPEG of a photo. The gateway asks for it, so that only this process decodes formats whose decoders are large and young.
/// </summary>
internal sealed class PreviewRoute(WorkGate gate, VisageOptions options)
{
    /// <summary>The longer edge, in pixels.</summary>
    private const int Edge = 1024;

    public void Map(IEndpointRouteBuilder routes) => routes.MapWithAdmission("/api/preview", ShowAsync);

    private async Task<FileContentHttpResult> ShowAsync(HttpContext context)
    {
        // No form of a web page can send this type, so a page cannot reach the decoders without being asked for its origin.
        if (!string.Equals(context.Request.ContentType, MediaTypeNames.Application.Octet, StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestRefusedException(
                StatusCodes.Status415UnsupportedMediaType, $"Send the photo itself with Content-Type: {MediaTypeNames.Application.Octet}.");
        }

        var photo = await WholeBody.ReadAsync(context.Request, options, context.RequestAborted);
        try
        {
            return TypedResults.Bytes(await gate.PreviewAsync(photo, Edge, context.RequestAborted), MediaTypeNames.Image.Jpeg);
        }
        catch (PhotoRefusedException exception)
        {
            throw VisageExceptions.Refused(exception, "body", "The photo");
        }
    }
}
