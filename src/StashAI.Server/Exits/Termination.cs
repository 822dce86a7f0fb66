using System.Runtime.InteropServices;

namespace StashAI.Server.Exits;

/// <summary>
/// Turns the first SIGTERM, SIGINT or SIGQUIT into a cancelled token; a second one ends the process at once. With
/// standard input it is a child process: the end of the input is its order to stop, and Ctrl-C, which a terminal
/// sends to children too, is left to its parent.
/// </summary>
internal sealed class Termination : IDisposable
{
    /// <summary>Longer than any orderly stop: what still runs then would outlive a dead parent.</summary>
    private static readonly TimeSpan LastOrders = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource source;
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly bool isChild;
    private Timer? lastOrders;

    public Termination(bool withStandardInput, CancellationToken cancellationToken)
    {
        isChild = withStandardInput;
        source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Token = source.Token;
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
        if (withStandardInput)
        {
            // A thread of its own: a read of standard input cannot be cancelled, and a pool thread would be lost to it.
            new Thread(WatchStandardInput) { IsBackground = true, Name = "standard input" }.Start();
        }
    }

    public CancellationToken Token { get; }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        lastOrders?.Dispose();
        source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (isChild && context.Signal == PosixSignal.SIGINT)
        {
            context.Cancel = true;
            return;
        }
        context.Cancel = !source.IsCancellationRequested;
        Cancel();
    }

    private void WatchStandardInput()
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        try
        {
            while (input.Read(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken input says the same as its end: the parent is gone.
        }
        lastOrders = new Timer(_ => Environment.Exit(ExitCodes.Failure), null, LastOrders, Timeout.InfiniteTimeSpan);
        Cancel();
    }

    private void Cancel()
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command ended by itself in this moment.
        }
    }
}
