using System.Net;
using System.Text.Json;
using StashAI.Server.Exits;

namespace StashAI.Server.Demo;

/// <summary>Enrols people in the gallery through the gateway, photo by photo, so that a bad photo does not affect good ones.</summary>
internal sealed class GalleryClient(HttpClient http, Uri gateway)
{
    /// <param name="person">The person to enrol.</param>
    /// <param name="skipped">Receives the photos that cannot be used, with the service's reason.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Null when no photo of the person can be used.</returns>
    /// <exception cref="StartException">The service failed.</exception>
    public async Task<EnrolledPerson?> EnrolAsync(
        PersonToEnrol person,
        ICollection<SkippedPhoto> skipped,
        CancellationToken cancellationToken)
    {
        EnrolAnswer? known = null;
        var used = new List<DemoPhoto>();
        foreach (var photo in person.Photos)
        {
            var path = known is null ? "/api/people" : $"/api/people/{known.Id}/photos";
            var (answer, refusal) = await PostAsync(path, person, photo, cancellationToken);
            if (answer is null)
            {
                skipped.Add(new SkippedPhoto(photo.Name, refusal!));
                continue;
            }
            known ??= answer;
            used.Add(photo);
        }
        return known is null ? null : new EnrolledPerson(person.Name, used, known.Face);
    }

    private async Task<(EnrolAnswer? Answer, string? Refusal)> PostAsync(
        string path,
        PersonToEnrol person,
        DemoPhoto photo,
        CancellationToken cancellationToken)
    {
        var members = JsonSerializer.SerializeToUtf8Bytes(
            new EnrolRequest(person.Name, person.FaceAt is { } point ? new FacePoint(point.X, point.Y) : null),
            DemoJson.Default.EnrolRequest);
        using var content = new PhotoArrayContent("photos", [photo], members);
        using var response = await http.PostAsync(new Uri(gateway, path), content, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return (await JsonSerializer.DeserializeAsync(body, DemoJson.Default.EnrolAnswer, cancellationToken), null);
        }
        var reason = await Answers.ReasonAsync(response, cancellationToken);
        return response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity
            or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.Conflict
            ? (null, reason.TrimEnd('.'))
            : throw new StartException($"the server could not enrol {person.Name} from {photo.Name}: {reason}");
    }
}
