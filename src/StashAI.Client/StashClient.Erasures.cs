using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>
    /// Deletes a person in the gallery, and removes faces, embeddings and names of the person from everything that the server stores. The
    /// server works on it; follow it with <see cref="WatchErasureAsync"/>. Repeating it is harmless. Needs the role operate.
    /// </summary>
    /// <param name="id">The id of the person.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such person, and there never was an erasure of it.</exception>
    public Task<Erasure> DeletePersonAsync(Guid id, CancellationToken cancellationToken = default) => api.ReadAsync(
        Routes.DeletePerson, Routes.DeletePerson.Fill([$"{id}"]), StashJsonContext.Default.Erasure, cancellationToken);

    /// <summary>Reads how far the removal of a person is.</summary>
    /// <param name="id">The id of the erasure.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such erasure.</exception>
    public Task<Erasure> ErasureAsync(Guid id, CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.Erasure, Routes.Erasure.Fill([$"{id}"]), StashJsonContext.Default.Erasure, cancellationToken);

    /// <summary>Lists removals of people, newest first. Pages are read as they are needed.</summary>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<Erasure> ErasuresAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(Routes.Erasures, [], [], StashJsonContext.Default.WirePageErasure, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var erasure in page.Data) yield return erasure;
        }
    }

    /// <summary>Follows the removal of a person: its state now, and again at every poll until it is over.</summary>
    /// <param name="id">The id of the erasure.</param>
    /// <param name="cancellationToken">Ends the watch; the server goes on.</param>
    /// <exception cref="StashNotFoundException">There is no such erasure.</exception>
    public async IAsyncEnumerable<Erasure> WatchErasureAsync(
        Guid id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var erasure = await ErasureAsync(id, cancellationToken).ConfigureAwait(false);
            yield return erasure;
            if (erasure.IsOver) yield break;
            await Task.Delay(BulkPollInterval, api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
