using StashAI.Queue.Direct;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>The tasks of an upload in memory, while they are few and there is enough memory.</summary>
internal sealed class MirroredTasks(int maxTasks, DirectMemory memory)
{
    private readonly List<DirectTask> tasks = [];
    private readonly List<PooledBytes> bytes = [];
    private readonly List<TaskPayload> jobParts = [];
    private List<TaskPayload> parts = [];
    private ItemName item;
    private (string Slot, string? Prefix) part;
    private long inputBytes;

    /// <summary>False once something did not fit, so that the upload is not complete here.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The tasks, each with its own parts followed by the job's.</summary>
    public IReadOnlyList<DirectTask> Tasks =>
        jobParts.Count == 0 ? tasks : [.. tasks.Select(task => task with { Payloads = [.. task.Payloads, .. jobParts] })];

    public void BeginTask()
    {
        if (tasks.Count == maxTasks) StopMirroring();
        parts = [];
    }

    public void BeginJobParts() => parts = jobParts;

    public void NameTask(ItemName name) => item = name;

    public void IdentifyTasks(IReadOnlyList<string?> ids)
    {
        for (var i = 0; i < Math.Min(tasks.Count, ids.Count); i++)
        {
            if (ids[i] is { } id) tasks[i] = tasks[i] with { Item = tasks[i].Item with { Id = id } };
        }
    }

    public void BeginPayload(string slot, string? dataUrlPrefix)
    {
        if (!IsComplete) return;
        part = (slot, dataUrlPrefix);
        bytes.Add(new PooledBytes(memory));
    }

    public void Write(ReadOnlySpan<byte> piece)
    {
        if (IsComplete && !bytes[^1].TryAppend(piece)) StopMirroring();
    }

    public void EndPayload()
    {
        if (IsComplete) parts.Add(new PooledPayload(bytes[^1]) { Slot = part.Slot, DataUrlPrefix = part.Prefix, Size = bytes[^1].Length });
    }

    public void EndTask(ReadOnlyMemory<byte> input)
    {
        if (!IsComplete || parts == jobParts) return;
        if (!memory.TryTake(input.Length))
        {
            StopMirroring();
            return;
        }

        inputBytes += input.Length;
        tasks.Add(new DirectTask(input.ToArray(), parts) { Item = item });
        item = default;
    }

    /// <summary>Releases the memory; <paramref name="isUnread"/> is true when no call can still be reading it.</summary>
    public void Release(bool isUnread)
    {
        IsComplete = false;
        foreach (var one in bytes) one.Release(isUnread);
        bytes.Clear();
        tasks.Clear();
        jobParts.Clear();
        memory.Return(inputBytes);
        inputBytes = 0;
    }

    private void StopMirroring() => Release(isUnread: true);
}
