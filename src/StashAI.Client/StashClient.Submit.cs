using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using StashAI.Client.Errors;
using StashAI.Client.Models;
using StashAI.Client.Submit;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>
    /// Submits items as one job. They are sent as a stream while they are read. Up to 8 MB go in one request, which is sent again when the
    /// connection breaks: its idempotency key makes sure that only one job is made. More than that goes in chunks, which the server keeps
    /// for a day: a submit that broke goes on where it was, in this call or in the next one with the same items and options. Then the items
    /// are read twice, the first time for their hash.
    /// </summary>
    /// <param name="service">The service, or <c>SERVICE.OPERATION</c> where it has several operations: <c>visage.identify</c>.</param>
    /// <param name="items">The items, at most the server's <c>MAX_ITEMS</c>. They are read again when the submit is repeated.</param>
    /// <param name="options">What else is asked for; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the submit; no job is made unless it was sent whole.</param>
    /// <exception cref="StashInvalidRequestException">An item or an option cannot be used; the errors name it.</exception>
    public Task<Submission> SubmitAsync(
        string service, IAsyncEnumerable<SubmitItem> items, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(items);
        return Submitting.RunAsync(api, uploadPatience, service, items, options ?? new SubmitOptions(), cancellationToken);
    }

    /// <summary>Submits items as one job.</summary>
    /// <param name="service">The service, or <c>SERVICE.OPERATION</c>.</param>
    /// <param name="items">The items.</param>
    /// <param name="options">What else is asked for; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the submit; no job is made unless it was sent whole.</param>
    /// <exception cref="StashInvalidRequestException">An item or an option cannot be used; the errors name it.</exception>
    public Task<Submission> SubmitAsync(
        string service, IEnumerable<SubmitItem> items, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return SubmitAsync(service, Each(items), options, cancellationToken);
    }

    /// <summary>Submits objects as one job.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="service">The service, or <c>SERVICE.OPERATION</c>.</param>
    /// <param name="items">The objects.</param>
    /// <param name="type">How they are written, such as <c>MyContext.Default.MyItem</c>.</param>
    /// <param name="options">What else is asked for; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the submit; no job is made unless it was sent whole.</param>
    /// <exception cref="StashInvalidRequestException">An item or an option cannot be used; the errors name it.</exception>
    public Task<Submission> SubmitAsync<T>(
        string service,
        IAsyncEnumerable<T> items,
        JsonTypeInfo<T> type,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return SubmitAsync(service, Each(items, type, cancellationToken), options, cancellationToken);
    }

    /// <summary>Submits files as one job: photos, recordings, documents. The results are called by the names of the files.</summary>
    /// <param name="service">The service, or <c>SERVICE.OPERATION</c>.</param>
    /// <param name="paths">The paths of the files.</param>
    /// <param name="options">What else is asked for; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the submit; no job is made unless it was sent whole.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="StashInvalidRequestException">An item or an option cannot be used; the errors name it.</exception>
    public Task<Submission> SubmitFilesAsync(
        string service, IEnumerable<string> paths, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitAsync(service, paths.Select(path => SubmitItem.FromFile(path)), options, cancellationToken);

    /// <summary>Submits texts as one job.</summary>
    /// <param name="service">The service, or <c>SERVICE.OPERATION</c>.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="options">What else is asked for; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the submit; no job is made unless it was sent whole.</param>
    /// <exception cref="StashInvalidRequestException">An item or an option cannot be used; the errors name it.</exception>
    public Task<Submission> SubmitTextsAsync(
        string service, IEnumerable<string> texts, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitAsync(service, texts.Select(SubmitItem.FromText), options, cancellationToken);

    private static async IAsyncEnumerable<SubmitItem> Each(IEnumerable<SubmitItem> items)
    {
        foreach (var item in items) yield return item;
        await Task.CompletedTask.ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<SubmitItem> Each<T>(
        IAsyncEnumerable<T> items, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return SubmitItem.FromValue(item, type);
    }
}
