namespace StashAI.Queue.Store;

/// <summary>A database that keeps the queue, as one role for each kind of work; its rules are the store contract S1 to S13 (docs/store-contract.md).</summary>
public interface IQueueStore : IEnqueue, IAsyncDisposable
{
    /// <summary>Claims tasks and records their outcomes.</summary>
    IWork Work { get; }

    /// <summary>Limits of lanes that hold over all nodes, and their probes.</summary>
    IGate Gate { get; }

    /// <summary>Leases of processes.</summary>
    INodes Nodes { get; }

    /// <summary>Cancels, retries and pauses by people.</summary>
    IControl Control { get; }

    /// <summary>Reads jobs, tasks, payloads and lanes.</summary>
    IRead Read { get; }

    /// <summary>Upkeep.</summary>
    IMaintain Maintain { get; }

    /// <summary>Speeds and totals over all processes.</summary>
    IMeasure Measure { get; }

    /// <summary>Sessions of clients.</summary>
    ISessions Sessions { get; }

    /// <summary>Interactions of people with a client's pages.</summary>
    IInteractions Interactions { get; }

    /// <summary>API keys.</summary>
    IApiKeys ApiKeys { get; }

    /// <summary>One-time tickets.</summary>
    ITickets Tickets { get; }

    /// <summary>Previews of uploaded photos.</summary>
    IPreviews Previews { get; }

    /// <summary>Keys that this installation signs with.</summary>
    ISigningKeys SigningKeys { get; }

    /// <summary>Tries whether the database can do its work; null when the database offers no such check.</summary>
    IStoreProbe? Probe => null;

    /// <summary>Hints between the processes on this database; null when the database has none.</summary>
    IHints? Hints => null;

    /// <summary>Reads how well the database cleans up; null when the database cannot tell.</summary>
    IDatabaseCheck? Check => null;
}
