using StashAI.Queue.Store;
using StashAI.Storage.Backups;

namespace StashAI.Storage.Tests.Contract;

/// <summary>A database of one test, which any number of stores open as different processes would.</summary>
public interface IStoreHost : IAsyncDisposable
{
    /// <summary>Opens a store on the database; the caller disposes it.</summary>
    Task<IQueueStore> OpenAsync(TimeProvider clock, CancellationToken cancellationToken);

    /// <summary>What <c>stashai backup</c> writes its runs to.</summary>
    Task<IBackupJournal> OpenBackupsAsync(CancellationToken cancellationToken);

    /// <summary>Throws when an invariant is broken.</summary>
    void Verify();

    /// <summary>Rows of each table that holds jobs and what belongs to them.</summary>
    IReadOnlyDictionary<string, long> CountRows();

    /// <summary>The SHA-256 that is stored with a payload.</summary>
    byte[] Sha256Of(long payloadKey);

    /// <summary>The checksum that is stored with a payload.</summary>
    long ChecksumOf(long payloadKey);

    /// <summary>Forgets the checksums of all payloads, as versions stored them that knew none.</summary>
    void ForgetChecksums();

    /// <summary>Where segments are, seen from outside; null when this host keeps all payloads in rows.</summary>
    ISegmentShelf? Shelf { get; }

    /// <summary>Cuts the only row of a payload in two, as earlier versions did where a transaction of the upload ended.</summary>
    void SplitPayload(long payloadKey, int at);

    /// <summary>Counts one available task of a job as running, as a fault of ours would: in the job's row and in the totals.</summary>
    void Miscount(long jobKey);

    /// <summary>Sets the cost of a job to 0.7, as a fault of ours would.</summary>
    void Mischarge(long jobKey);

    /// <summary>Makes the database refuse to publish jobs until the value is disposed.</summary>
    IDisposable BreakCommits();

    /// <summary>Does the first step of a job's cancel, as a process does that dies right after it.</summary>
    void BeginCancel(long jobKey);

    /// <summary>
    /// Does the first step of a job's retry (1: failed tasks, 2: cancelled ones too), as a process does that dies right after it.
    /// </summary>
    void BeginRetry(long jobKey, int scope);

    /// <summary>Makes the database refuse the result of a task until the value is disposed.</summary>
    IDisposable BreakResult(long taskKey);

    /// <summary>How often a task counts as crashed.</summary>
    int CrashesOf(long taskKey);

    /// <summary>Forgets what the results of a job show, as a version stored them that did not know of it.</summary>
    void ForgetSubjects(long jobKey);

    /// <summary>Attempts in the history of a task, by fence: its event and attempt number.</summary>
    IReadOnlyList<(int Fence, int Attempt, int Event)> Attempts(long taskKey);
}
