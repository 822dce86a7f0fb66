using System.Runtime.ExceptionServices;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Direct;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>
/// An upload that stays in memory too while it is small, so that the very request whose upload the database fails can be answered
/// without it. A larger one stands or falls with the database.
/// </summary>
internal sealed class HeldUpload : IUpload
{
    private readonly DirectSettings settings;
    private readonly HeldTasks held;
    private readonly IUpload? stored;
    private ExceptionDispatchInfo? failure;
    private bool wasRead;

    public HeldUpload(Func<IUpload> open, DirectSettings settings, DirectMemory memory, bool isHeld)
    {
        this.settings = settings;
        held = new HeldTasks(settings.MaxItems, memory);
        if (!isHeld) held.Release(isUnread: true);
        try
        {
            stored = open();
        }
        catch (Exception exception) when (isHeld && StoreFailure.Is(exception))
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public int TaskCount { get; private set; }

    /// <summary>The whole upload from memory, once the database has failed it; null when it was too large for that.</summary>
    public IReadOnlyList<DirectTask>? TakeHeld()
    {
        if (!held.IsWhole) return null;
        wasRead = true;
        return held.Tasks;
    }

    public void BeginTask()
    {
        if (settings.IsOn && TaskCount == settings.MaxItems) throw TooMany();
        held.BeginTask();
        CheckFailure();
        if (failure is null) stored!.BeginTask();
        TaskCount++;
    }

    public void BeginJobParts()
    {
        held.BeginJobParts();
        CheckFailure();
        if (failure is null) stored!.BeginJobParts();
    }

    public void BeginPayload(string slot, string? dataUrlPrefix)
    {
        held.BeginPayload(slot, dataUrlPrefix);
        if (failure is null) stored!.BeginPayload(slot, dataUrlPrefix);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        held.Write(bytes.Span);
        CheckFailure();
        if (failure is not null) return;
        try
        {
            await stored!.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception exception) when (held.IsWhole && StoreFailure.Is(exception))
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public void EndPayload()
    {
        held.EndPayload();
        if (failure is null) stored!.EndPayload();
    }

    public async ValueTask EndTaskAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        held.EndTask(input);
        CheckFailure();
        if (failure is not null) return;
        try
        {
            await stored!.EndTaskAsync(input, cancellationToken);
        }
        catch (Exception exception) when (held.IsWhole && StoreFailure.Is(exception))
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    public async Task<EnqueuedJob> CommitAsync(NewJob job, CancellationToken cancellationToken)
    {
        failure?.Throw();
        try
        {
            var enqueued = await stored!.CommitAsync(job, cancellationToken);
            held.Release(isUnread: true);
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
        held.Release(isUnread: !wasRead);
        if (stored is null) return;
        try
        {
            await stored.DisposeAsync();
        }
        catch (Exception exception) when (failure is not null && StoreFailure.Is(exception))
        {
            // What was staged goes with this node's lease; the client has its answer.
        }
    }

    /// <summary>Neither the database nor the memory has all of it any more.</summary>
    private void CheckFailure()
    {
        if (!held.IsWhole) failure?.Throw();
    }

    private RequestException TooMany() => new(Problem.TooLarge(
        $"Direct mode takes at most {settings.MaxItems} items at once: send less, raise {DirectSettings.MaxItemsSetting} on the server, or enable its queue "
        + $"with {DirectSettings.QueueEnabledSetting}=true and {DirectSettings.DirectModeSetting}=false.",
        DirectSettings.MaxItemsSetting));
}
