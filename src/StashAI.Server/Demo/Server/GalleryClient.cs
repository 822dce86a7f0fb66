using System.Net;
using System.Text.Json;
using StashAI.Server.Cli;
using StashAI.Server.Demo.Photos;

namespace StashAI.Server.Demo.Server;

/// <summary>Enrols people in the gallery of the Visage service.</summary>
internal sealed class GalleryClient(HttpClient http, Uri visage)
{
    /// <returns>Null when the person was enrolled from the photo, else why it cannot be used for that.</returns>
    /// <exception cref="StartException">The service failed.</exception>
    public async Task<string?> EnrolAsync(string name, DemoPhoto photo, (int X, int Y)? faceAt, CancellationToken cancellationToken)
    {
        var members = JsonSerializer.SerializeToUtf8Bytes(
            new EnrolRequest(name, faceAt is { } point ? new FacePoint(point.X, point.Y) : null),
            DemoJson.Default.EnrolRequest);
        using var content = new PhotoArrayContent("photos", [photo], members);
        using var response = await http.PostAsync(new Uri(visage, "/api/gallery/people"), content, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return null;
        }
        var reason = await Answers.ReasonAsync(response, cancellationToken);
        return response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge
            ? reason.TrimEnd('.')
            : throw new StartException($"the Visage service could not enrol {name} from {photo.Name}: {reason}");
    }
}
