using System.Globalization;
using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>
    /// Lists the photos that show a person, over all jobs, those with the best match first. Pages are read as they are needed.
    /// </summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="jobId">Only photos of this job; null for all jobs.</param>
    /// <param name="minConfidence">Only photos with a match of at least this confidence, 0 to 1; null for all.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="StashNotFoundException">There is no such person or job.</exception>
    public async IAsyncEnumerable<PersonPhoto> PhotosOfPersonAsync(
        Guid id, Guid? jobId = null, double? minConfidence = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            Routes.PhotosOfPerson, [$"{id}"],
            [("job", jobId?.ToString()), ("min_confidence", minConfidence?.ToString("0.################", CultureInfo.InvariantCulture))],
            StashJsonContext.Default.WirePagePersonPhoto, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var photo in page.Data) yield return photo;
        }
    }

    /// <summary>Lists who is on photos of a person, those on most photos first. Pages are read as they are needed.</summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="jobId">Only in photos of this job; null for all jobs.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="StashNotFoundException">There is no such person or job.</exception>
    public async IAsyncEnumerable<Companion> PeopleTogetherAsync(
        Guid id, Guid? jobId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            Routes.Together, [$"{id}"], [("job", jobId?.ToString())], StashJsonContext.Default.WirePageCompanion, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var person in page.Data) yield return person;
        }
    }

    /// <summary>Lists the people whom results of a job show, those on most photos first. Pages are read as they are needed.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public async IAsyncEnumerable<PersonInJob> PeopleInJobAsync(
        Guid jobId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            Routes.People, [], [("in_job", jobId.ToString())], StashJsonContext.Default.WirePagePersonInJob, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var person in page.Data) yield return person;
        }
    }
}
