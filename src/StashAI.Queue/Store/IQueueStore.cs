namespace StashAI.Queue.Store;

/// <summary>A database that keeps the queue; its rules are the store contract S1 to S13 (docs/store-contract.md).</summary>
public interface IQueueStore : IEnqueue, IWork, IGate, INodes, IControl, IRead, IMaintain, IMeasure, ISessions, IApiKeys, ITickets, IPreviews,
    ISigningKeys, IAsyncDisposable;
