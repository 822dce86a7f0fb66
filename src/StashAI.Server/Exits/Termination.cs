using System.Runtime.InteropServices;

namespace StashAI.Server.Exits;

/// <summary>
/// Turns the first SIGTERM, SIGINT or SIGQUIT into a cancelled token; the second one ends the process at once. A child process watches its
/// standard input instead: its end means stop, and Ctrl-C, which a terminal also sends to children, is left to the parent.
/// </summary>
internal sealed class Termination : IDisposable
{
    /// <summary>Longer than any graceful stop; afterwards the process exits, so that it does not outlive a dead parent.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource source;
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly bool isChild;
    private Timer? exitTimer;

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
            // A separate thread, because a read of standard input cannot be cancelled and would block a pool thread.
            new Thread(WatchStandardInput) { IsBackground = true, Name = "standard input" }.Start();
        }
    }

    public CancellationToken Token { get; }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        exitTimer?.Dispose();
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
            // A broken input means the same as its end: the parent has ended.
        }
        exitTimer = new Timer(_ => Environment.Exit(ExitCodes.Failure), null, ExitTimeout, Timeout.InfiniteTimeSpan);
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
            // The command has just ended by itself.
        }
    }
}
