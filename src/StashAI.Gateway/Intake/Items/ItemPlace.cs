using StashAI.Gateway.Settings;

namespace StashAI.Gateway.Intake.Items;

/// <summary>The place of a body among those whose item is large.</summary>
internal sealed class ItemPlace(IntakeMemory memory) : IDisposable
{
    private bool isTaken;

    /// <summary>Takes a place for an item that has become large, and gives it back when that item has ended.</summary>
    public ValueTask FitAsync(int itemBytes, CancellationToken cancellationToken)
    {
        if (itemBytes > IntakeMemory.LargeBytes && !isTaken) return TakeAsync(cancellationToken);
        if (itemBytes < IntakeMemory.LargeBytes) Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        if (isTaken) memory.Leave();
        isTaken = false;
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        await memory.EnterAsync(cancellationToken);
        isTaken = true;
    }
}
