namespace StashAI.Testing.ScriptedServices;

/// <summary>Holds replies back until a test lets them go on. One gate may hold any number of calls.</summary>
public sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim passes = new(0);
    private volatile bool open;

    /// <summary>Opens the gate for good: all who wait and all who come pass.</summary>
    public void Open()
    {
        open = true;
        passes.Release();
    }

    /// <summary>Lets the next <paramref name="count"/> waits pass, and no more.</summary>
    public void LetThrough(int count = 1) => passes.Release(count);

    /// <summary>Returns once this caller may pass.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await passes.WaitAsync(cancellationToken);
        if (open)
        {
            // An open gate hands its one pass on from each caller to the next.
            passes.Release();
        }
    }

    public void Dispose() => passes.Dispose();
}
