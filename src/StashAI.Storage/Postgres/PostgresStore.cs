using Microsoft.Extensions.Logging;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;
using StashAI.Storage.Payloads.Files;
using StashAI.Storage.Payloads.Objects;
using StashAI.Storage.Payloads.Reading;
using StashAI.Storage.Payloads.Segments;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Jobs;
using StashAI.Storage.Postgres.Payloads;
using StashAI.Storage.Postgres.Reading;
using StashAI.Storage.Postgres.Records;
using StashAI.Storage.Postgres.Upkeep;
using StashAI.Storage.Postgres.Work;

namespace StashAI.Storage.Postgres;

/// <summary>The queue in a PostgreSQL database. Open it with <see cref="OpenAsync"/>, which brings the schema up to date.</summary>
public sealed class PostgresStore : IQueueStore
{
    private readonly PostgresDatabase database;
    private readonly PostgresNodes nodes;
    private readonly ISegmentPlace? uploadPlace;
    private readonly ILogger logger;
    private bool isDisposed;

    private PostgresStore(PostgresDatabase database, ISegmentPlace? place, ILogger logger)
    {
        this.database = database;
        this.logger = logger;
        uploadPlace = place;
        var payloads = new PostgresPayloads(database);
        nodes = new PostgresNodes(database);
        Work = new PostgresWork(database);
        Results = new PostgresKnownResults(database);
        Gate = new PostgresGate(database);
        Control = new PostgresControl(database);
        Read = new PostgresRead(database, new StoredPayloads(payloads, place is null ? [] : [place]));
        Maintain = new PostgresMaintain(database, place is null ? null : new SegmentCollector(payloads, place, logger));
        Measure = new PostgresMeasure(database);
        Sessions = new PostgresSessions(database);
        Interactions = new PostgresInteractions(database);
        ApiKeys = new PostgresApiKeys(database);
        Tickets = new PostgresTickets(database);
        Previews = new PostgresPreviews(database);
        SigningKeys = new PostgresSigningKeys(database);
        Bulk = new PostgresBulk(database);
        BodyUploads = new PostgresBodyUploads(database);
        Files = new PostgresClientFiles(database);
        FileBatches = new PostgresFileBatches(database);
        ClientUploads = new PostgresClientUploads(database);
        Sizes = new PostgresSizes(database);
        Backups = new PostgresBackups(database);
        Rematches = new PostgresRematches(database);
        Erasures = new PostgresErasures(database);
        Subjects = new PostgresSubjectList(database);
        Groupings = new PostgresGroupings(database);
        Audit = new PostgresAudit(database);
        Schedules = new PostgresSchedules(database);
        Webhooks = new PostgresWebhooks(database);
        Deliveries = new PostgresDeliveries(database);
        Probe = new PostgresProbe(database);
        Hints = new PostgresHints(database, TimeProvider.System);
        Check = new PostgresCheck(database);
    }

    public IWork Work { get; }

    public IKnownResults Results { get; }

    public IGate Gate { get; }

    public INodes Nodes => nodes;

    public IControl Control { get; }

    public IRead Read { get; }

    public IMaintain Maintain { get; }

    public IMeasure Measure { get; }

    public ISessions Sessions { get; }

    public IInteractions Interactions { get; }

    public IApiKeys ApiKeys { get; }

    public ITickets Tickets { get; }

    public IPreviews Previews { get; }

    public ISigningKeys SigningKeys { get; }

    public IBulk Bulk { get; }

    public IRematches Rematches { get; }

    public IErasures Erasures { get; }

    public ISubjects Subjects { get; }

    public IGroupings Groupings { get; }

    public IBodyUploads BodyUploads { get; }

    public IClientFiles Files { get; }

    public IFileBatches FileBatches { get; }

    public IClientUploads ClientUploads { get; }

    public IStoreSizes Sizes { get; }

    public IBackups Backups { get; }

    public IAudit Audit { get; }

    public ISchedules Schedules { get; }

    public IWebhooks Webhooks { get; }

    public IDeliveries Deliveries { get; }

    public IStoreProbe Probe { get; }

    public IHints Hints { get; }

    public IDatabaseCheck Check { get; }

    IHints? IQueueStore.Hints => Hints;

    IDatabaseCheck? IQueueStore.Check => Check;

    /// <summary>Connects and migrates. Throws when a newer version wrote the database.</summary>
    /// <exception cref="FormatException">The URL cannot be read.</exception>
    /// <exception cref="StoreOpenException">
    /// The database cannot be reached or used; the message says why and never holds the password.
    /// </exception>
    public static async Task<PostgresStore> OpenAsync(PostgresSettings settings, CancellationToken cancellationToken)
    {
        var database = new PostgresDatabase(settings) { OnOpened = PostgresPlans.MakeAsync };
        PostgresStore? store = null;
        try
        {
            await Task.Run(() => PostgresMigrator.Migrate(database, MigrationScripts.Postgres, settings.Logger), cancellationToken);
            store = new PostgresStore(database, await PlaceAsync(database, settings, cancellationToken), settings.Logger);
            await store.Maintain.ObserveClockAsync(cancellationToken);
            await store.Probe.ProbeAsync(cancellationToken);
            return store;
        }
        catch (Exception exception)
        {
            (store?.uploadPlace as IDisposable)?.Dispose();
            await database.DisposeAsync();
            if (PostgresStartErrors.From(exception, database.Connection) is { } refusal) throw refusal;
            throw;
        }
    }

    public IUpload OpenUpload(long nodeKey) =>
        new PostgresUpload(database, Maintain, uploadPlace is null ? null : new SegmentWriter(uploadPlace, nodeKey), nodeKey, logger);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true)) return;
        nodes.Dispose();
        await database.DisposeAsync();
        (uploadPlace as IDisposable)?.Dispose();
    }

    private static async Task<ISegmentPlace?> PlaceAsync(
        PostgresDatabase database, PostgresSettings settings, CancellationToken cancellationToken)
    {
        if (settings.PayloadPlace is not null) return settings.PayloadPlace;
        if (settings is { PayloadFolder: null, PayloadBucket: null }) return null;
        var queue = await PostgresPayloads.FindFolderAsync(database, cancellationToken);
        return settings.PayloadBucket is { } shared
            ? await SegmentBucket.OpenAsync(shared, queue, cancellationToken)
            : new SegmentDisk(Path.Combine(settings.PayloadFolder!, queue));
    }
}
