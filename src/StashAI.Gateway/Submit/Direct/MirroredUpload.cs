using System.Runtime.ExceptionServices;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Direct;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>
/// An upload that is also kept in memory while it is small. If the database fails, its request can be answered without it. A larger upload
/// fails with the database.
/// </summary>
internal sealed class MirroredUpload : IUpload
{
    private readonly DirectSettings settings;
    private readonly MirroredTasks mirrored;
    private readonly IUpload? stored;
    private ExceptionDispatchInfo? failure;
    private bool wasRead;

    public MirroredUpload(Func<IUpload> open, DirectSettings settings, DirectMemory memory, bool isMirrored)
    {
        this.settings = settings;
        mirrored = new MirroredTasks(settings.MaxItems, memory);
        if (!isMirrored) mirrored.Release(isUnread: true);
        try
        {
            stored = open();
        }
        catch (Exception exception) when (isMirrored && StoreFailure.Is(exception))
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public int TaskCount { get; private set; }

    /// <summary>The complete upload from memory, after the database has failed; null when it was too large.</summary>
    public IReadOnlyList<DirectTask>? TakeTasks()
    {
        if (!mirrored.IsComplete) return null;
        wasRead = true;
        return mirrored.Tasks;
    }

    public void KeepLargeInputsApart() => stored?.KeepLargeInputsApart();

    public void BeginTask()
    {
        if (settings.IsOn && TaskCount == settings.MaxItems) throw TooMany();
        mirrored.BeginTask();
        CheckFailure();
        if (failure is null) stored!.BeginTask();
        TaskCount++;
    }

    public void BeginJobParts()
    {
        mirrored.BeginJobParts();
        CheckFailure();
        if (failure is null) stored!.BeginJobParts();
    }

    public void NameTask(ItemName name)
    {
        mirrored.NameTask(name);
        if (failure is null) stored!.NameTask(name);
    }

    public async Task IdentifyTasksAsync(IReadOnlyList<string?> ids, CancellationToken cancellationToken)
    {
        mirrored.IdentifyTasks(ids);
        CheckFailure();
        if (failure is not null) return;
        try
        {
            await stored!.IdentifyTasksAsync(ids, cancellationToken);
        }
        catch (Exception exception) when (mirrored.IsComplete && StoreFailure.Is(exception))
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public void BeginPayload(string slot, string? dataUrlPrefix)
    {
        mirrored.BeginPayload(slot, dataUrlPrefix);
        if (failure is null) stored!.BeginPayload(slot, dataUrlPrefix);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        mirrored.Write(bytes.Span);
        CheckFailure();
        if (failure is not null) return;
        try
        {
            await stored!.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception exception) when (mirrored.IsComplete && StoreFailure.Is(exception))
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public void EndPayload()
    {
        mirrored.EndPayload();
        if (failure is null) stored!.EndPayload();
    }

    public async ValueTask EndTaskAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        mirrored.EndTask(input);
        CheckFailure();
        if (failure is not null) return;
        try
        {
            await stored!.EndTaskAsync(input, cancellationToken);
        }
        catch (Exception exception) when (mirrored.IsComplete && StoreFailure.Is(exception))
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public async Task<IReadOnlyList<int>> CopyAsync(long sourceKey, CopiedTasks which, CancellationToken cancellationToken)
    {
        // What is in the database can only run from it.
        mirrored.Release(isUnread: true);
        failure?.Throw();
        var ordinals = await stored!.CopyAsync(sourceKey, which, cancellationToken);
        TaskCount = ordinals.Count;
        return settings.IsOn && TaskCount > settings.MaxItems ? throw TooMany() : ordinals;
    }

    public async Task<EnqueuedJob> CommitAsync(NewJob job, CancellationToken cancellationToken)
    {
        failure?.Throw();
        try
        {
            var enqueued = await stored!.CommitAsync(job, cancellationToken);
            mirrored.Release(isUnread: true);
            return enqueued;
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            failure = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        mirrored.Release(isUnread: !wasRead);
        if (stored is null) return;
        try
        {
            await stored.DisposeAsync();
        }
        catch (Exception exception) when (failure is not null && StoreFailure.Is(exception))
        {
            // The staged rows are removed with this node's lease; the client has its answer.
        }
    }

    /// <summary>Throws when neither the database nor the memory has the complete upload.</summary>
    private void CheckFailure()
    {
        if (!mirrored.IsComplete) failure?.Throw();
    }

    private RequestException TooMany() => new(Problem.TooLarge(
        $"Direct mode takes at most {settings.MaxItems} items at once: "
        + $"send less, raise {DirectSettings.MaxItemsSetting} on the server, or enable its queue with "
        + $"{DirectSettings.QueueEnabledSetting}=true and {DirectSettings.DirectModeSetting}=false.",
        DirectSettings.MaxItemsSetting));
}
