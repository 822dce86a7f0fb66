namespace StashAI.Queue.Store;

/// <summary>
/// A database that keeps the queue, as one role for each kind of work; its rules are the store contract S1 to S13 (docs/store-contract.md).
/// </summary>
public interface IQueueStore : IEnqueue, IAsyncDisposable
{
    IWork Work { get; }

    IGate Gate { get; }

    INodes Nodes { get; }

    IControl Control { get; }

    IRead Read { get; }

    IMaintain Maintain { get; }

    IMeasure Measure { get; }

    ISessions Sessions { get; }

    IInteractions Interactions { get; }

    IApiKeys ApiKeys { get; }

    ITickets Tickets { get; }

    IPreviews Previews { get; }

    ISigningKeys SigningKeys { get; }

    IBulk Bulk { get; }

    IKnownResults Results { get; }

    IRematches Rematches { get; }

    IErasures Erasures { get; }

    ISubjects Subjects { get; }

    IGroupings Groupings { get; }

    IAudit Audit { get; }

    ISchedules Schedules { get; }

    IWebhooks Webhooks { get; }

    IDeliveries Deliveries { get; }

    IBodyUploads BodyUploads { get; }

    IClientFiles Files { get; }

    IFileBatches FileBatches { get; }

    IClientUploads ClientUploads { get; }

    IStoreSizes Sizes { get; }

    IBackups Backups { get; }

    /// <summary>Tries whether the database can do its work; null when the database offers no such check.</summary>
    IStoreProbe? Probe => null;

    /// <summary>Hints between the processes on this database; null when the database has none.</summary>
    IHints? Hints => null;

    /// <summary>Reads how well the database cleans up; null when the database cannot tell.</summary>
    IDatabaseCheck? Check => null;
}
