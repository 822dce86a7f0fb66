using System.Runtime.CompilerServices;
using StashAI.Storage.Backups;

namespace StashAI.Server.Tests.Backups;

/// <summary>Does something at one step of a backup.</summary>
/// <param name="inner">The real queue.</param>
/// <param name="step">The name of the step.</param>
/// <param name="act">What happens there, once.</param>
/// <param name="holds">False for processes that do not heed the lock of a backup.</param>
internal sealed class ScriptedSource(IBackupSource inner, string step, Func<Task> act, bool holds) : IBackupSource
{
    private bool isDone;
    private int looks;

    public string? PayloadFolder => inner.PayloadFolder;

    public NamedObjects? Objects => inner.Objects;

    public string Schema => inner.Schema;

    public string? QueueId => inner.QueueId;

    public IDisposable? TryHoldPayloads() => holds ? inner.TryHoldPayloads() : new MemoryStream();

    public async Task<bool> SnapshotAsync(string target, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        await ActAsync("before the snapshot");
        var hasDatabase = await inner.SnapshotAsync(target, progress, cancellationToken);
        await ActAsync("after the snapshot");
        return hasDatabase;
    }

    public async IAsyncEnumerable<NamedPayload> ListPayloadsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isFirst = ++looks == 1;
        var count = 0;
        await foreach (var payload in inner.ListPayloadsAsync(cancellationToken))
        {
            yield return payload;
            if (++count == 2 && !isFirst) await ActAsync("between two files");
        }

        if (isFirst) await ActAsync("after the first look");
    }

    public Task<bool> IsNamedAsync(NamedPayload payload, CancellationToken cancellationToken) =>
        inner.IsNamedAsync(payload, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task ActAsync(string now)
    {
        if (isDone || now != step) return;
        isDone = true;
        await act();
    }
}
