using Microsoft.Extensions.Logging;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;
using StashAI.Storage.Payloads.Files;
using StashAI.Storage.Payloads.Objects;
using StashAI.Storage.Payloads.Reading;
using StashAI.Storage.Payloads.Segments;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Jobs;
using StashAI.Storage.Sqlite.Payloads;
using StashAI.Storage.Sqlite.Reading;
using StashAI.Storage.Sqlite.Records;
using StashAI.Storage.Sqlite.Upkeep;
using StashAI.Storage.Sqlite.Work;

namespace StashAI.Storage.Sqlite;

/// <summary>The queue in one SQLite file. Open it with <see cref="OpenAsync"/>, which brings the schema up to date.</summary>
public sealed class SqliteStore : IQueueStore
{
    private readonly SqliteDatabase database;
    private readonly SqliteWriter writer;
    private readonly SqliteReaders readers;
    private readonly SqliteNodes nodes;
    private readonly SqliteCheckpointer checkpointer;
    private readonly ISegmentPlace? uploadPlace;
    private readonly SegmentBucket? bucket;
    private readonly ILogger logger;
    private bool isDisposed;

    private SqliteStore(SqliteDatabase database, SqliteSettings settings, SegmentBucket? bucket)
    {
        this.database = database;
        logger = settings.Logger;
        writer = new SqliteWriter(database, settings.WalLimit);
        readers = new SqliteReaders(database, settings.Readers);
        nodes = new SqliteNodes(database);
        checkpointer = new SqliteCheckpointer(database);
        Work = new SqliteWork(writer);
        Results = new SqliteKnownResults(writer, readers);
        Gate = new SqliteGate(writer, readers);
        Control = new SqliteControl(writer, readers);
        this.bucket = bucket;
        var disk = new SegmentDisk(settings.PayloadFolder is { } shared
            ? Path.Combine(shared, SqlitePayloads.FindFolder(database)) : settings.Path + "-payloads");
        ISegmentPlace? chosen = bucket ?? settings.PayloadPlace;
        uploadPlace = chosen ?? (settings.UsesPayloadFiles ? disk : null);
        // What is in files is read and removed whatever new uploads use.
        IReadOnlyList<ISegmentPlace> places = chosen is null ? [disk] : chosen.Extension == disk.Extension ? [chosen] : [chosen, disk];
        var payloads = new SqlitePayloads(writer, readers);
        Read = new SqliteRead(readers, new StoredPayloads(payloads, places));
        Maintain = new SqliteMaintain(
            database, writer, readers, [.. places.Select(place => new SegmentCollector(payloads, place, settings.Logger))]);
        Measure = new SqliteMeasure(writer, readers);
        Sessions = new SqliteSessions(writer, readers, database.Clock);
        Interactions = new SqliteInteractions(writer, readers, database.Clock);
        ApiKeys = new SqliteApiKeys(writer, readers);
        Tickets = new SqliteTickets(writer);
        Previews = new SqlitePreviews(writer, readers);
        SigningKeys = new SqliteSigningKeys(readers);
        Bulk = new SqliteBulk(writer, readers);
        BodyUploads = new SqliteBodyUploads(writer, readers);
        Files = new SqliteClientFiles(writer, readers);
        FileBatches = new SqliteFileBatches(writer, readers);
        ClientUploads = new SqliteClientUploads(writer, readers);
        Sizes = new SqliteSizes(database, readers);
        Backups = new SqliteBackups(readers);
        Rematches = new SqliteRematches(writer, readers);
        Erasures = new SqliteErasures(database, writer, readers);
        Subjects = new SqliteSubjectList(writer, readers);
        Groupings = new SqliteGroupings(writer, readers);
        Audit = new SqliteAudit(writer, readers);
        Schedules = new SqliteSchedules(writer, readers);
        Webhooks = new SqliteWebhooks(writer, readers);
        Deliveries = new SqliteDeliveries(writer, readers);
        Probe = new SqliteProbe(database, writer);
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

    /// <summary>Opens the file, creates it if missing, and migrates it. Throws when a newer version wrote it.</summary>
    /// <exception cref="StoreOpenException">The file cannot be kept there, opened or written; the message says why.</exception>
    public static async Task<SqliteStore> OpenAsync(SqliteSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            var database = new SqliteDatabase(settings);
            if (SqliteFileSystem.Refusal(settings.Path) is { } refusal) throw new StoreOpenException(refusal, isSetting: true);
            await Task.Run(() => SqliteMigrator.Migrate(database, MigrationScripts.Sqlite, settings.Logger), cancellationToken);
            var bucket = settings.PayloadBucket is { } shared
                ? await SegmentBucket.OpenAsync(shared, SqlitePayloads.FindFolder(database), cancellationToken) : null;
            var store = new SqliteStore(database, settings, bucket);
            try
            {
                await store.Maintain.ObserveClockAsync(cancellationToken);
                await store.Probe.ProbeAsync(cancellationToken);
                return store;
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        }
        catch (Exception exception) when (exception is not StoreOpenException
            && SqliteStartErrors.From(exception, settings.Path) is { } refusal)
        {
            throw refusal;
        }
    }

    public IUpload OpenUpload(long nodeKey) =>
        new SqliteUpload(
            writer, Maintain, uploadPlace is null ? null : new SegmentWriter(uploadPlace, nodeKey), database.Clock, nodeKey, logger);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true)) return;
        await checkpointer.DisposeAsync();
        nodes.Dispose();
        await writer.DisposeAsync();
        await readers.DisposeAsync();
        bucket?.Dispose();
    }
}
