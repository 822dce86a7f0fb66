using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>Counts the jobs that a bulk operation would act on, and changes nothing.</summary>
    /// <param name="action">What would be done.</param>
    /// <param name="filter">Which jobs.</param>
    /// <param name="priority">For <see cref="BulkAction.Priority"/>: 0 to 9.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashInvalidRequestException">The filter is empty without <see cref="BulkFilter.All"/>, or not valid.</exception>
    public async Task<BulkCount> CountBulkAsync(
        BulkAction action, BulkFilter filter, int? priority = null, CancellationToken cancellationToken = default)
    {
        var count = await SendAsync(
            Routes.StartBulk, [], BodyOf(action, filter, priority, isDryRun: true), StashJsonContext.Default.JsonObject,
            StashJsonContext.Default.WireBulkCount, cancellationToken).ConfigureAwait(false);
        return new BulkCount { Matched = count.Matched ?? count.Total ?? 0, TotalIsExact = count.TotalIsExact };
    }

    /// <summary>Acts on all jobs that match now. The server works through them; follow it with <see cref="WatchBulkAsync"/>.</summary>
    /// <param name="action">What is done with each job.</param>
    /// <param name="filter">Which jobs.</param>
    /// <param name="priority">For <see cref="BulkAction.Priority"/>: 0 to 9.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashInvalidRequestException">The filter is empty without <see cref="BulkFilter.All"/>, or not valid.</exception>
    public Task<BulkOperation> StartBulkAsync(
        BulkAction action, BulkFilter filter, int? priority = null, CancellationToken cancellationToken = default) =>
        SendAsync(
            Routes.StartBulk, [], BodyOf(action, filter, priority, isDryRun: false), StashJsonContext.Default.JsonObject,
            StashJsonContext.Default.BulkOperation, cancellationToken);

    /// <summary>Reads a bulk operation.</summary>
    /// <param name="id">The id of the operation.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such operation.</exception>
    public Task<BulkOperation> BulkAsync(Guid id, CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.Bulk, Routes.Bulk.Fill([id.ToString()]), StashJsonContext.Default.BulkOperation, cancellationToken);

    /// <summary>Stops a bulk operation. What it has done stays done.</summary>
    /// <param name="id">The id of the operation.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such operation.</exception>
    public Task<BulkOperation> StopBulkAsync(Guid id, CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.StopBulk, Routes.StopBulk.Fill([id.ToString()]), StashJsonContext.Default.BulkOperation, cancellationToken);

    /// <summary>Lists bulk operations, newest first. Pages are read as they are needed.</summary>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<BulkOperation> BulkOperationsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(Routes.BulkList, [], [], StashJsonContext.Default.WirePageBulkOperation, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var operation in page.Data) yield return operation;
        }
    }

    /// <summary>Follows a bulk operation: its state now, and again at every poll until it has ended.</summary>
    /// <param name="id">The id of the operation.</param>
    /// <param name="cancellationToken">Ends the watch; the operation goes on.</param>
    /// <exception cref="StashNotFoundException">There is no such operation.</exception>
    public async IAsyncEnumerable<BulkOperation> WatchBulkAsync(
        Guid id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var operation = await BulkAsync(id, cancellationToken).ConfigureAwait(false);
            yield return operation;
            if (operation.IsOver) yield break;
            await Task.Delay(BulkPollInterval, api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static JsonObject BodyOf(BulkAction action, BulkFilter filter, int? priority, bool isDryRun)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var body = new JsonObject { ["filter"] = filter.ToJson(), ["action"] = WordConverter<BulkAction>.WordOf(action) };
        if (priority is { } level) body["priority"] = level;
        if (isDryRun) body["dry_run"] = true;
        if (filter.All) body["all"] = true;
        return body;
    }
}
