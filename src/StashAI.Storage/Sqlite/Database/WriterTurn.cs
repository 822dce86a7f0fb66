using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>
/// Gives the writers of several processes their turns on one file. SQLite's own lock goes to the process that asks at the right moment, and a
/// busy process asks again at once. Here a writer walks through a row of locks, taking the next before it leaves the last, and the first
/// of them is the turn: who just wrote stands behind everybody who is in the row. Correctness never depends on this; a process that is
/// frozen in the row costs the others <see cref="Timeout"/>, and then they write without turns for a while.
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

    /// <summary>So many writers are served in the order in which they came; of more, one may be overtaken at the end of the row.</summary>
    private const int Places = 4;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    private SafeFileHandle[] row = [];
    private readonly ManualResetEventSlim never = new();
    private long backoffUntil;
    private bool isHeld;

    /// <summary>Returns when it is this writer's turn, or when there are no turns to be had.</summary>
    public void Take()
    {
        if (!OperatingSystem.IsLinux() || Stopwatch.GetTimestamp() < backoffUntil) return;
        isHeld = (row.Length > 0 || TryOpen()) && TryWalk();
        if (!isHeld) backoffUntil = Stopwatch.GetTimestamp() + (long)(Backoff.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>The turn is the next one's.</summary>
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
        never.Dispose();
    }

    private bool TryWalk()
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
            else never.Wait(PollInterval);
        }
    }

    private static void Release(SafeFileHandle file) => _ = FLock((int)file.DangerousGetHandle(), Unlock);

    // Nobody removes these files: two processes could otherwise hold locks of two files with one name.
    private bool TryOpen()
    {
        var opened = new List<SafeFileHandle>();
        while (opened.Count < Places)
        {
            // .NET locks every file that it opens, and so cannot open one that is somebody's turn just now.
            var file = new SafeFileHandle(OpenFile($"{databasePath}-turn{opened.Count}", ReadWrite | Create | CloseOnExec, OwnerWrites), ownsHandle: true);
            opened.Add(file);
            if (!file.IsInvalid) continue;
            foreach (var each in opened) each.Dispose();
            return false;
        }

        row = [.. opened];
        return true;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FLock(int descriptor, int operation);
}
