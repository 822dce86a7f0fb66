using StashAI.Queue.Direct;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>The tasks of an upload in memory, as long as they are few and there is room.</summary>
internal sealed class HeldTasks(int maxTasks, DirectMemory memory)
{
    private readonly List<DirectTask> tasks = [];
    private readonly List<HeldBytes> bytes = [];
    private readonly List<TaskPayload> jobParts = [];
    private List<TaskPayload> parts = [];
    private (string Slot, string? Prefix) part;
    private long inputBytes;

    /// <summary>False once something did not fit: what is here is not the whole upload.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>The tasks, each with the parts of the job behind its own.</summary>
    public IReadOnlyList<DirectTask> Tasks =>
        jobParts.Count == 0 ? tasks : [.. tasks.Select(task => task with { Payloads = [.. task.Payloads, .. jobParts] })];

    public void BeginTask()
    {
        if (tasks.Count == maxTasks) GiveUp();
        parts = [];
    }

    public void BeginJobParts() => parts = jobParts;

    public void BeginPayload(string slot, string? dataUrlPrefix)
    {
        if (!IsWhole) return;
        part = (slot, dataUrlPrefix);
        bytes.Add(new HeldBytes(memory));
    }

    public void Write(ReadOnlySpan<byte> piece)
    {
        if (IsWhole && !bytes[^1].TryAppend(piece)) GiveUp();
    }

    public void EndPayload()
    {
        if (IsWhole) parts.Add(new HeldPart(bytes[^1]) { Slot = part.Slot, DataUrlPrefix = part.Prefix, Size = bytes[^1].Length });
    }

    public void EndTask(ReadOnlyMemory<byte> input)
    {
        if (!IsWhole || parts == jobParts) return;
        if (!memory.TryTake(input.Length))
        {
            GiveUp();
            return;
        }

        inputBytes += input.Length;
        tasks.Add(new DirectTask(input.ToArray(), parts));
    }

    /// <summary>Lets all of it go; <paramref name="isUnread"/> when no call can be reading it any more.</summary>
    public void Release(bool isUnread)
    {
        IsWhole = false;
        foreach (var one in bytes) one.Release(isUnread);
        bytes.Clear();
        tasks.Clear();
        jobParts.Clear();
        memory.Give(inputBytes);
        inputBytes = 0;
    }

    private void GiveUp() => Release(isUnread: true);
}
