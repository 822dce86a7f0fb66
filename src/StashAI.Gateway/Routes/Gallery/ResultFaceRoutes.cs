using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary><c>/api/tasks/{id}/faces/{face}/picture</c>: the pictures of the faces of a result.</summary>
internal static class ResultFaceRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/tasks/{id}/faces/{face}/picture", PictureAsync).Describe(GalleryDocs.ResultFacePicture).Needs(ApiScope.Read);

    private static async Task PictureAsync(HttpContext context, ResultFaces results, string id, string face)
    {
        if (!int.TryParse(face, System.Globalization.NumberStyles.None, null, out var position))
            throw RequestException.NotFound($"There is no face {face}; faces are counted from 0.");
        var (found, _, reason) = await results.FindAsync(id, position, context.RequestAborted);
        if (found is null) throw RequestException.NotFound($"{char.ToUpperInvariant(reason![0])}{reason[1..]}");
        await FacePicture.WriteAsync(
            context, found.Picture ?? throw RequestException.NotFound($"The result of the task {id} has no picture of the face {face}."));
    }
}
