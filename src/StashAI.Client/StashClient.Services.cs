using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>Lists the services, with their operations, limits and lanes.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<Service>> ServicesAsync(CancellationToken cancellationToken = default) =>
        (await api.ReadAsync(Routes.Services, Routes.Services.Fill([]), StashJsonContext.Default.ServicePage, cancellationToken)
            .ConfigureAwait(false)).Services;

    /// <summary>
    /// Follows the services without an end: all of them, then those that change, at most twice a second. A broken connection is made again,
    /// and then all come again.
    /// </summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    public IAsyncEnumerable<ServiceListUpdate> WatchServicesAsync(CancellationToken cancellationToken = default) =>
        lists.ServicesAsync(cancellationToken);

    /// <summary>Reads a service.</summary>
    /// <param name="name">The name of the service.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such service.</exception>
    public Task<Service> ServiceAsync(string name, CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.Service, Routes.Service.Fill([name]), StashJsonContext.Default.Service, cancellationToken);

    /// <summary>
    /// The JSON schemas of a declared service: <c>operations</c> with the <c>item_schema</c> of each, and <c>config_schema</c>.
    /// </summary>
    /// <param name="name">The name of the service.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such service, or it is one in code, without schemas.</exception>
    public Task<JsonElement> ServiceSchemaAsync(string name, CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.Schema, Routes.Schema.Fill([name]), StashJsonContext.Default.JsonElement, cancellationToken);

    /// <summary>Pauses a service: running tasks go on, and no further task starts.</summary>
    /// <param name="name">The name of the service.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such service.</exception>
    public Task<PauseAnswer> PauseServiceAsync(string name, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.PauseService, name, null, StashJsonContext.Default.PauseAnswer, cancellationToken);

    /// <summary>Pauses a service until a time, at which the server lets it go on. One that is paused already gets another end.</summary>
    /// <param name="name">The name of the service.</param>
    /// <param name="until">When the pause ends; later than now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such service.</exception>
    /// <exception cref="StashInvalidRequestException">The time has passed.</exception>
    public Task<PauseAnswer> PauseServiceUntilAsync(string name, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        PauseUntilAsync(Routes.PauseService, [name], until, cancellationToken);

    /// <summary>Lets a paused service go on, and ends every other reason for its tasks to wait.</summary>
    /// <param name="name">The name of the service.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such service.</exception>
    public Task<PauseAnswer> ResumeServiceAsync(string name, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.ResumeService, name, null, StashJsonContext.Default.PauseAnswer, cancellationToken);

    /// <summary>Changes limits of a service while it is called. They hold in every process of the server, and over restarts.</summary>
    /// <param name="name">The name of the service.</param>
    /// <param name="change">What to change.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such service.</exception>
    /// <exception cref="StashInvalidRequestException">A value is not valid; the errors name it.</exception>
    public Task<Service> ChangeServiceAsync(string name, ServiceChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return SendAsync(
            Routes.ChangeService, [name], change.ToJson(), StashJsonContext.Default.JsonObject, StashJsonContext.Default.Service,
            cancellationToken);
    }

    /// <summary>Pauses the whole queue: running tasks go on, and no further task starts.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PauseAnswer> PauseQueueAsync(CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.PauseQueue, Routes.PauseQueue.Fill([]), StashJsonContext.Default.PauseAnswer, cancellationToken);

    /// <summary>Pauses the whole queue until a time, at which the server lets it go on.</summary>
    /// <param name="until">When the pause ends; later than now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashInvalidRequestException">The time has passed.</exception>
    public Task<PauseAnswer> PauseQueueUntilAsync(DateTimeOffset until, CancellationToken cancellationToken = default) =>
        PauseUntilAsync(Routes.PauseQueue, [], until, cancellationToken);

    /// <summary>Lets the queue go on. A service that was paused by itself stays paused.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PauseAnswer> ResumeQueueAsync(CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.ResumeQueue, Routes.ResumeQueue.Fill([]), StashJsonContext.Default.PauseAnswer, cancellationToken);

    /// <summary>Lists the changes that people made, newest first. Pages are read as they are needed.</summary>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<AuditEntry> AuditAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(Routes.Audit, [], [], StashJsonContext.Default.WirePageAuditEntry, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var entry in page.Data) yield return entry;
        }
    }

    /// <summary>Asks the server how it is, also when it cannot work. Needs no key.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ServerHealth> HealthAsync(CancellationToken cancellationToken = default) => api.ReadAsync(
        Routes.Health,
        Routes.Health.Fill([]),
        null,
        StashJsonContext.Default.ServerHealth,
        [HttpStatusCode.ServiceUnavailable],
        cancellationToken);
}
