using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>
/// Lets the writers of several processes take turns on one file. SQLite's own lock goes to the process that asks at the right moment, and a
/// busy process asks again at once. Here, a writer moves through a row of locks, taking the next one before it releases the previous one.
/// The first lock is the turn, so a writer that has just written queues behind all others. Correctness never depends on turns. A process
/// that freezes in the row costs the others <see cref="Timeout"/>; then they write without turns for a while.
/// </summary>
internal sealed partial class WriterTurn(string databasePath) : IDisposable
{
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const int Unlock = 8;
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int CloseOnExec = 0x80000;
    private const int OwnerWrites = 0x1A4;
    private const int Spins = 20;

    /// <summary>How many waiting writers are served in order; of more, one may be overtaken at the end of the row.</summary>
    private const int RowLength = 4;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    private SafeFileHandle[] row = [];
    private readonly ManualResetEventSlim sleeper = new();
    private long backoffUntil;
    private bool isHeld;

    /// <summary>Waits for this writer's turn; returns at once when turns are not available.</summary>
    public void Take()
    {
        if (!OperatingSystem.IsLinux() || Stopwatch.GetTimestamp() < backoffUntil) return;
        isHeld = (row.Length > 0 || TryOpen()) && TryTakeTurn();
        if (!isHeld) backoffUntil = Stopwatch.GetTimestamp() + (long)(Backoff.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>Ends the turn.</summary>
    public void End()
    {
        if (!isHeld) return;
        isHeld = false;
        Release(row[0]);
    }

    public void Dispose()
    {
        End();
        foreach (var file in row) file.Dispose();
        sleeper.Dispose();
    }

    private bool TryTakeTurn()
    {
        for (var place = row.Length - 1; place >= 0; place--)
        {
            var isTaken = TryTake(row[place]);
            if (place + 1 < row.Length) Release(row[place + 1]);
            if (!isTaken) return false;
        }

        return true;
    }

    private bool TryTake(SafeFileHandle file)
    {
        var started = Stopwatch.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            if (FLock((int)file.DangerousGetHandle(), Exclusive | NonBlocking) == 0) return true;
            if (Stopwatch.GetElapsedTime(started) > Timeout) return false;
            if (tries < Spins) Thread.Yield();
            else sleeper.Wait(PollInterval);
        }
    }

    private static void Release(SafeFileHandle file) => _ = FLock((int)file.DangerousGetHandle(), Unlock);

    // These files are never removed: otherwise two processes could hold locks on different files of the same name.
    private bool TryOpen()
    {
        var opened = new List<SafeFileHandle>();
        while (opened.Count < RowLength)
        {
            // .NET locks every file that it opens, so it cannot open a file that another process has locked.
            var file = new SafeFileHandle(
                OpenFile($"{databasePath}-turn{opened.Count}", ReadWrite | Create | CloseOnExec, OwnerWrites), ownsHandle: true);
            opened.Add(file);
            if (!file.IsInvalid) continue;
            foreach (var each in opened) each.Dispose();
            return false;
        }

        row = [.. opened];
        return true;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(int descriptor, int operation);
}
