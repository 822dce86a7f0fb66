using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Store;

/// <summary>
/// The upload of a job: one task after the other, with their binary parts in pieces of any size. It needs at most about 2 MB of memory.
/// Disposing it before the commit discards everything. Not safe for concurrent use.
/// </summary>
public interface IUpload : IAsyncDisposable
{
    /// <summary>How many tasks were begun.</summary>
    int TaskCount { get; }

    /// <summary>
    /// Keeps inputs of more than <see cref="LargeInput.MaxRowBytes"/> with the payloads from now on, instead of in the rows of their tasks.
    /// Not for services that judge, group or erase stored inputs: those are read from the rows.
    /// </summary>
    void KeepLargeInputsApart();

    /// <summary>Begins the next task.</summary>
    /// <exception cref="TooManyTasksException">The job has <see cref="TaskKey.MaxTasksPerJob"/> tasks.</exception>
    void BeginTask();

    /// <summary>
    /// Begins the binary parts that all tasks of the job share (<see cref="TaskKey.JobParts"/>). They end like a task, with
    /// <see cref="EndTaskAsync"/> and an empty input. They may be written once, before or after the tasks.
    /// </summary>
    void BeginJobParts();

    /// <summary>Says what the client calls the item of the current task.</summary>
    void NameTask(ItemName name);

    /// <summary>
    /// Gives the tasks that were ended ids by their position, where a request lists them apart from its items; null for a task without one.
    /// A name that a task has stays.
    /// </summary>
    /// <param name="ids">The ids as JSON, one for each task.</param>
    /// <param name="cancellationToken">Cancels waiting for the store.</param>
    Task IdentifyTasksAsync(IReadOnlyList<string?> ids, CancellationToken cancellationToken);

    /// <summary>Begins a binary part of the current task.</summary>
    void BeginPayload(string slot, string? dataUrlPrefix);

    /// <summary>Appends decoded bytes to the current part; waits while the store is busy.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Ends the current part.</summary>
    void EndPayload();

    /// <summary>Ends the current task; <paramref name="input"/> is its UTF-8 JSON input, or empty.</summary>
    ValueTask EndTaskAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    /// <summary>
    /// Adds tasks with items of another job, in small transactions. Inputs are copied; binary parts are shared, also those that all its
    /// tasks share. It must be the first thing that the upload is given.
    /// </summary>
    /// <returns>The positions of the items in that job, one for each task.</returns>
    /// <exception cref="SourceLostException">The job, or binary parts of completed tasks, were removed.</exception>
    Task<IReadOnlyList<int>> CopyAsync(long sourceKey, CopiedTasks which, CancellationToken cancellationToken);

    /// <summary>Makes the job and all its tasks visible at once. When this returns they survive a power cut (S1).</summary>
    Task<EnqueuedJob> CommitAsync(NewJob job, CancellationToken cancellationToken);
}
