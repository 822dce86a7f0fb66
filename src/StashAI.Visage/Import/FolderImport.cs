using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StashAI.Streams.Files;
using StashAI.Visage.Api;
using StashAI.Visage.Api.Requests;

namespace StashAI.Visage.Import;

/// <summary>
/// Enrols people from a folder into a running Visage service. The folder contains one folder for each person, named like the person, with
/// photos in it. An import can be repeated: photos that are already enrolled are not added again.
/// </summary>
/// <param name="visage">A client whose base address is the service's address.</param>
public sealed class FolderImport(HttpClient visage)
{
    /// <summary>Sends the photos one by one and reports the result of each.</summary>
    /// <param name="folder">The folder that contains a folder for each person.</param>
    /// <param name="cancellationToken">Stops after the current photo.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist or contains no folders.</exception>
    /// <exception cref="HttpRequestException">The service cannot be reached or fails.</exception>
    public async IAsyncEnumerable<ImportedPhoto> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var people = Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
        if (people.Length == 0)
        {
            throw new DirectoryNotFoundException(
                $"{folder} does not exist or contains no folders; create a folder for each person, named like the person, "
                + "and put the photos in it.");
        }

        foreach (var person in people.Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(person);
            Guid? id = null;
            foreach (var file in Directory.EnumerateFiles(person).Where(IsPhoto).Order(StringComparer.Ordinal))
            {
                if (RegularFile.ReasonToRefuse(file) is { } reason)
                {
                    yield return new(name, file, $"The file {reason}.");
                    continue;
                }

                var photo = await RegularFile.ReadAllBytesAsync(file, cancellationToken);
                (id, var refusal) = await EnrolAsync(id, name, photo, cancellationToken);
                yield return new(name, file, refusal);
            }
        }
    }

    private static bool IsPhoto(string file) => PhotoFiles.Holds(file);

    private async Task<(Guid? Id, string? Refusal)> EnrolAsync(Guid? id, string name, byte[] photo, CancellationToken cancellationToken)
    {
        while (true)
        {
            var request = new EnrolRequest { Name = id is null ? name : null, Photos = [new PhotoInput(new ImageBytes(photo), null)] };
            var route = id is null ? "/api/gallery/people" : $"/api/gallery/people/{id}/photos";
            using var response = await visage.PostAsJsonAsync(route, request, VisageJson.Default.EnrolRequest, cancellationToken);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                await Task.Delay(PauseOf(response.Headers.RetryAfter), cancellationToken);
                continue;
            }

            if (response.IsSuccessStatusCode)
                return ((await response.Content.ReadFromJsonAsync(VisageJson.Default.EnrolAnswer, cancellationToken))!.Id, null);
            if ((int)response.StatusCode >= 500 || response.Content.Headers.ContentType?.MediaType != "application/problem+json")
                response.EnsureSuccessStatusCode();

            var problem = JsonSerializer.Deserialize(
                await response.Content.ReadAsStringAsync(cancellationToken), VisageJson.Default.EnrolAnswer);
            if (response.StatusCode != HttpStatusCode.Conflict || problem?.PersonId is not { } known || id is not null)
                return (id, problem?.Detail ?? response.ReasonPhrase);

            // The gallery already has the person: add the photo to that person.
            id = known;
        }
    }

    private static TimeSpan PauseOf(RetryConditionHeaderValue? retryAfter) => retryAfter?.Delta ?? TimeSpan.FromSeconds(1);
}
