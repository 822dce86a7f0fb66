using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    private const string PeopleLines = "application/x-ndjson";

    /// <summary>Lists the people whom the face service knows. Pages are read as they are needed.</summary>
    /// <param name="name">Only people whose name contains this, in any case; null for all.</param>
    /// <param name="sort">
    /// <c>added</c> (the default), <c>name</c> or <c>faces</c>, with <c>-</c> before it for the reverse.
    /// </param>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<Person> PeopleAsync(
        string? name = null, string? sort = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            Routes.People, [], [("name", name), ("sort", sort)], StashJsonContext.Default.WirePagePerson, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var person in page.Data) yield return person;
        }
    }

    /// <summary>Reads a person.</summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such person.</exception>
    public Task<Person> PersonAsync(Guid id, CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.Person, Routes.Person.Fill([$"{id}"]), StashJsonContext.Default.Person, cancellationToken);

    /// <summary>Adds a person with photos. All photos are enrolled, or none. Needs the role submit.</summary>
    /// <param name="name">The name.</param>
    /// <param name="photos">The files, as they are; each shows one person.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashConflictException">Another person has the name.</exception>
    /// <exception cref="StashInvalidRequestException">A photo has no face, or several, or cannot be read; the errors name it.</exception>
    public Task<Person> AddPersonAsync(string name, IReadOnlyList<byte[]> photos, CancellationToken cancellationToken = default) =>
        SendAsync(
            Routes.AddPerson, [], new WirePhotos(name, photos), StashJsonContext.Default.WirePhotos, StashJsonContext.Default.Person,
            cancellationToken);

    /// <summary>Adds photos of a person. The same face of the same file is kept once. Needs the role submit.</summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="photos">The files, as they are; each shows one person.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such person.</exception>
    /// <exception cref="StashInvalidRequestException">A photo has no face, or several, or cannot be read; the errors name it.</exception>
    public Task<Person> AddPhotosAsync(Guid id, IReadOnlyList<byte[]> photos, CancellationToken cancellationToken = default) =>
        SendAsync(
            Routes.AddPhotos, [$"{id}"], new WirePhotos(null, photos), StashJsonContext.Default.WirePhotos,
            StashJsonContext.Default.Person, cancellationToken);

    /// <summary>Adds a person by faces of stored results, which are judged again. Needs the role submit.</summary>
    /// <param name="name">The name.</param>
    /// <param name="faces">The faces. The role submit names faces of its own jobs only.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashConflictException">Another person has the name.</exception>
    /// <exception cref="StashInvalidRequestException">There is no such face, or it is not stored; the errors name it.</exception>
    public Task<Person> AddPersonByFacesAsync(
        string name, IReadOnlyList<ResultFace> faces, CancellationToken cancellationToken = default) => SendAsync(
        Routes.AddPerson, [], new WireFaces(name, faces), StashJsonContext.Default.WireFaces, StashJsonContext.Default.Person,
        cancellationToken);

    /// <summary>
    /// Says that faces of stored results are of a person: they are enrolled, and the results are judged again. Needs the role submit.
    /// </summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="faces">The faces. The role submit names faces of its own jobs only.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such person.</exception>
    /// <exception cref="StashInvalidRequestException">There is no such face, or it is not stored; the errors name it.</exception>
    public Task<Person> AddFacesAsync(
        Guid id, IReadOnlyList<ResultFace> faces, CancellationToken cancellationToken = default) => SendAsync(
        Routes.AddPhotos, [$"{id}"], new WireFaces(null, faces), StashJsonContext.Default.WireFaces, StashJsonContext.Default.Person,
        cancellationToken);

    /// <summary>
    /// Says that faces of stored results are not of a person: nothing matches them with the person any more, and the results are judged
    /// again. Needs the role operate.
    /// </summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="faces">The faces.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such person.</exception>
    /// <exception cref="StashInvalidRequestException">There is no such face, or it is not stored; the errors name it.</exception>
    public Task<RejectedFaces> RejectFacesAsync(
        Guid id, IReadOnlyList<ResultFace> faces, CancellationToken cancellationToken = default) => SendAsync(
        Routes.RejectFaces, [$"{id}"], new WireFaces(null, faces), StashJsonContext.Default.WireFaces,
        StashJsonContext.Default.RejectedFaces, cancellationToken);

    /// <summary>Lists the faces that are not of a person, oldest first. Pages are read as they are needed.</summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="StashNotFoundException">There is no such person.</exception>
    public async IAsyncEnumerable<Rejection> RejectionsAsync(
        Guid id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(Routes.Rejections, [$"{id}"], [], StashJsonContext.Default.WirePageRejection, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var rejection in page.Data) yield return rejection;
        }
    }

    /// <summary>Takes a rejection back; its result is judged again, if it is still stored. Needs the role operate.</summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="rejection">The id of the rejection.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such person or rejection.</exception>
    public Task DeleteRejectionAsync(Guid id, Guid rejection, CancellationToken cancellationToken = default) =>
        api.SendAsync(Routes.DeleteRejection, Routes.DeleteRejection.Fill([$"{id}", $"{rejection}"]), cancellationToken);

    /// <summary>Renames a person. Needs the role operate.</summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="name">The new name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such person.</exception>
    /// <exception cref="StashConflictException">Another person has the name.</exception>
    public Task<Person> RenamePersonAsync(Guid id, string name, CancellationToken cancellationToken = default) => SendAsync(
        Routes.ChangePerson, [$"{id}"], new WireRename(name), StashJsonContext.Default.WireRename, StashJsonContext.Default.Person,
        cancellationToken);

    /// <summary>
    /// Joins people who are one. Results that show those who are gone are judged again (<see cref="Person.Rematch"/>). Needs the role
    /// operate.
    /// </summary>
    /// <param name="into">The id of the person who stays.</param>
    /// <param name="from">The ids of those whose faces this person takes over. They are deleted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">One of them is not in the gallery.</exception>
    public Task<Person> MergePeopleAsync(Guid into, IReadOnlyList<Guid> from, CancellationToken cancellationToken = default) => SendAsync(
        Routes.MergePeople, [$"{into}"], new WireMerge(from), StashJsonContext.Default.WireMerge, StashJsonContext.Default.Person,
        cancellationToken);

    /// <summary>Lists the enrolled faces of a person.</summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such person.</exception>
    public async Task<IReadOnlyList<PersonFace>> PersonFacesAsync(Guid id, CancellationToken cancellationToken = default)
    {
        var route = Routes.PersonFaces;
        return (await api.ReadAsync(route, route.Fill([$"{id}"]), StashJsonContext.Default.WirePagePersonFace, cancellationToken)
            .ConfigureAwait(false)).Data;
    }

    /// <summary>Takes a wrong face out of a person. Needs the role operate.</summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="face">The id of the face.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such person or face.</exception>
    public Task DeletePersonFaceAsync(Guid id, Guid face, CancellationToken cancellationToken = default) =>
        api.SendAsync(Routes.DeletePersonFace, Routes.DeletePersonFace.Fill([$"{id}", $"{face}"]), cancellationToken);

    /// <summary>Writes the whole gallery, one line of JSON for each person with all faces. Needs the role operate.</summary>
    /// <param name="file">Where it goes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashUnreachableException">The connection broke; the file is not complete.</exception>
    public async Task ExportPeopleAsync(Stream file, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var answer = await api.OpenAsync(Routes.ExportPeople, Routes.ExportPeople.Fill([]), PeopleLines, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            await answer.Content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw new StashUnreachableException("The connection broke, and the export is not complete.", exception);
        }
    }

    /// <summary>Imports an exported gallery. Importing twice changes nothing. Needs the role operate.</summary>
    /// <param name="file">The exported file. It is read once, while it is sent, and may have any size.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashInvalidRequestException">A line is not valid; the error names it. Those before it were imported.</exception>
    public Task<PeopleImport> ImportPeopleAsync(Stream file, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        return api.SendPatientlyAsync(
            Routes.ImportPeople,
            Routes.ImportPeople.Fill([]),
            () =>
            {
                var content = new StreamContent(file);
                content.Headers.ContentType = new MediaTypeHeaderValue(PeopleLines);
                return content;
            },
            [],
            Timeout.InfiniteTimeSpan,
            TimeSpan.Zero,
            StashJsonContext.Default.PeopleImport,
            cancellationToken);
    }
}
