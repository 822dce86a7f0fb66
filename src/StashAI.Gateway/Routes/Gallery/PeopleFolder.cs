using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Problems;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>
/// Enrols people from a folder that has a folder for each person, named like the person, with photos in it. An import can be repeated: a
/// face of a file that is already enrolled is not added again.
/// </summary>
internal sealed class PeopleFolder(GalleryClient gallery, IntakeLimits limits, TimeProvider clock)
{
    private static readonly EnumerationOptions Options = FolderWalk.Options(isRecursive: false);

    /// <summary>The folders of people, in order.</summary>
    public static IReadOnlyList<string> PeopleOf(string folder) =>
        [.. Directory.EnumerateDirectories(folder, "*", Options).Order(StringComparer.Ordinal)];

    /// <summary>Sends the photos one by one, so that a bad photo does not affect good ones.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="people">Its folders of people.</param>
    /// <param name="cancellationToken">Stops after the current photo.</param>
    /// <exception cref="RequestException">The face service cannot be used.</exception>
    public async IAsyncEnumerable<ImportedPhoto> RunAsync(
        string folder, IReadOnlyList<string> people, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var person in people)
        {
            var name = Path.GetFileName(person);
            Guid? id = null;
            foreach (var file in Directory.EnumerateFiles(person, "*", Options).Where(PhotoFiles.Holds).Order(StringComparer.Ordinal))
            {
                var shown = Path.GetRelativePath(folder, file).Replace('\\', '/');
                var reason = RegularFile.ReasonToRefuse(file) is { } wrong ? $"The file {wrong}."
                    : new FileInfo(file).Length > limits.MaxItemBytes ? $"The file is larger than {IntakeLimits.MaxItemBytesSetting}."
                    : null;
                if (reason is null) (id, reason) = await EnrolAsync(id, name, file, cancellationToken);
                yield return new(name, shown, reason is null ? id : null, reason);
            }
        }
    }

    private async Task<(Guid? Id, string? Refusal)> EnrolAsync(Guid? id, string name, string file, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var body = BodyOf(id is null ? name : null, file);
                var person = id is { } known
                    ? await gallery.AddPhotosAsync(known, body, cancellationToken)
                    : await gallery.EnrolAsync(body, cancellationToken);
                return (person.Id, null);
            }
            catch (RequestException exception) when (exception.Problem.Status == StatusCodes.Status429TooManyRequests)
            {
                await Task.Delay(TimeSpan.FromSeconds(exception.Problem.RetryAfterSeconds ?? 1), clock, cancellationToken);
            }
            catch (RequestException exception) when (exception.Problem.Status < 500)
            {
                // The gallery already has the person: add the photo to that person.
                if (id is null && HolderOf(exception.Problem) is { } holder) id = holder;
                else return (id, exception.Problem.Detail);
            }
        }
    }

    private static Guid? HolderOf(Problem problem) =>
        problem.Status == StatusCodes.Status409Conflict && problem.More?.TryGetValue("person_id", out var id) == true
        && id.TryGetGuid(out var guid)
            ? guid
            : null;

    private static StreamedContent BodyOf(string? name, string file) => new("application/json", null, async (stream, stop) =>
    {
        var start = name is null ? "{" : $"{{\"name\":{JsonSerializer.Serialize(name, GalleryTextJson.Default.String)},";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(start + "\"photos\":[\""), stop);
        await using (var base64 = new CryptoStream(stream, new ToBase64Transform(), CryptoStreamMode.Write, leaveOpen: true))
        {
            await using var photo = RegularFile.OpenRead(file);
            await photo.CopyToAsync(base64, stop);
            await base64.FlushFinalBlockAsync(stop);
        }

        await stream.WriteAsync("\"]}"u8.ToArray(), stop);
    });
}
