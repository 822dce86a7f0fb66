using System.Globalization;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Backups;

/// <summary>
/// The data folder that a restore fills. Everything goes to the folder <c>.restoring</c> in it first. When all of it is there and was
/// checked, what was in the data folder moves aside, and the restored files move to their places, the queue last. A server refuses to
/// start in between.
/// </summary>
/// <param name="dataDirectory">The absolute path of the data folder.</param>
/// <param name="payloads">Where the payload files go in the end.</param>
internal sealed class RestoreTarget(string dataDirectory, string payloads)
{
    private const string StageName = ".restoring";
    private const string AsidePrefix = "replaced-";
    private const string DefaultPayloads = BackupManifest.QueueFile + "-payloads";

    /// <summary>What a restore replaces as a whole, besides all files of the queue.</summary>
    private static readonly string[] Replaced = ["visage", "services", "adapters", "secrets.key"];

    private readonly string stage = Path.Combine(dataDirectory, StageName);

    // On the disk that the payloads are for, so that they can be moved.
    private readonly string payloadStage = payloads == Path.Combine(dataDirectory, DefaultPayloads)
        ? Path.Combine(dataDirectory, StageName, DefaultPayloads) : payloads + StageName;

    /// <summary>Where the payload files are in the end.</summary>
    public string Payloads => payloads;

    /// <summary>True from the first move on: what was copied must not be discarded any more, and another restore goes on.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>The folder beside a queue's file, where payload files are unless a setting says otherwise.</summary>
    public static string PayloadsIn(string dataDirectory) => Path.Combine(dataDirectory, DefaultPayloads);

    /// <summary>Why a server must not open the queue, in one sentence; null when it may.</summary>
    /// <param name="queuePath">The path of the queue's file.</param>
    public static string? Refusal(string queuePath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(queuePath))!;
        var stage = Path.Combine(folder, StageName);
        return Directory.Exists(stage) && (!File.Exists(queuePath) || File.Exists(Path.Combine(stage, BackupManifest.QueueFile)))
            ? $"A restore into {folder} is running or broke: wait until it has ended, or run 'stashai restore' again."
            : null;
    }

    /// <summary>Where a file of a backup is copied to; null for one that a restore does not copy.</summary>
    public string? PathOf(string path) =>
        path is BackupManifest.IndexFile or BackupManifest.DumpFile ? null : Path.Combine(stage, path);

    /// <summary>Where a payload file is copied to.</summary>
    public string PathOfPayload(string file) => Path.Combine(payloadStage, file);

    /// <summary>
    /// Creates the folder of payload files, also for a queue all of whose files are lost: without the folder, its tasks would wait for a
    /// disk that is not mounted, and never fail.
    /// </summary>
    public void CreatePayloads() => BackupFolder.CreatePrivate(payloadStage);

    /// <summary>Begins: what a broken restore left goes.</summary>
    /// <param name="mayReplace">True when files that are there may be moved aside.</param>
    /// <exception cref="UsageException">The folder is not empty, or a process uses it.</exception>
    public void Begin(bool mayReplace)
    {
        BackupFolder.CreatePrivate(dataDirectory);
        RequireUnused();
        var isBroken = Directory.Exists(stage);
        var isEmpty = Directory.EnumerateFileSystemEntries(dataDirectory).All(path => Path.GetFileName(path) == "lost+found");
        if (!isBroken && !mayReplace && !isEmpty)
        {
            throw new UsageException(
                $"{dataDirectory} is not empty: name another folder, or give --replace to move what is there into a folder beside it.");
        }

        if (payloadStage != PathOfStaged(DefaultPayloads) && Directory.Exists(payloads) && Directory.EnumerateFiles(payloads).Any())
        {
            throw new UsageException($"{payloads} has payload files of a queue: give PAYLOADS another folder for the restored queue.");
        }

        Discard();
        BackupFolder.CreatePrivate(stage);
    }

    /// <summary>Returns when what was copied is on the disk.</summary>
    public void Flush()
    {
        foreach (var root in (ReadOnlySpan<string>)[payloadStage, stage])
        {
            if (!Directory.Exists(root)) continue;
            foreach (var inner in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories)) FlushedFolder.Flush(inner);
            FlushedFolder.Flush(root);
        }
    }

    /// <summary>Removes what was copied; the data folder is as it was.</summary>
    public void Discard()
    {
        if (Directory.Exists(payloadStage)) Directory.Delete(payloadStage, recursive: true);
        if (Directory.Exists(stage)) Directory.Delete(stage, recursive: true);
    }

    /// <summary>Moves everything to its place.</summary>
    /// <param name="time">The time of the restore.</param>
    /// <returns>The folder that has what was there before; null when there was nothing.</returns>
    /// <exception cref="UsageException">A process began to use the folder.</exception>
    public string? Commit(DateTimeOffset time)
    {
        RequireUnused();
        IsCommitted = true;
        var aside = MoveAside(time);
        if (Directory.Exists(payloadStage) && payloadStage != PathOfStaged(DefaultPayloads))
        {
            if (Directory.Exists(payloads)) Directory.Delete(payloads);
            Directory.Move(payloadStage, payloads);
            FlushedFolder.Flush(Path.GetDirectoryName(payloads)!);
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(stage).OrderBy(IsQueue).ToList())
        {
            if (IsQueue(path)) FlushedFolder.Flush(dataDirectory);
            Move(path, Path.Combine(dataDirectory, Path.GetFileName(path)));
        }

        Directory.Delete(stage);
        FlushedFolder.Flush(dataDirectory);
        return aside;
    }

    private static bool IsQueue(string path) => Path.GetFileName(path) == BackupManifest.QueueFile;

    private string PathOfStaged(string name) => Path.Combine(stage, name);

    /// <summary>The queue goes first: without it, nothing starts here.</summary>
    private string? MoveAside(DateTimeOffset time)
    {
        var old = Directory.EnumerateFileSystemEntries(dataDirectory)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith(BackupManifest.QueueFile, StringComparison.Ordinal) || Replaced.Contains(name)))
            .OrderByDescending(IsQueue).ToList();
        if (old.Count == 0) return null;
        var stamp = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var aside = Path.Combine(dataDirectory, AsidePrefix + stamp);
        for (var number = 2; Directory.Exists(aside); number++) aside = Path.Combine(dataDirectory, $"{AsidePrefix}{stamp}-{number}");
        BackupFolder.CreatePrivate(aside);
        foreach (var path in old) Move(path, Path.Combine(aside, Path.GetFileName(path)));
        FlushedFolder.Flush(aside);
        return aside;
    }

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from)) Directory.Move(from, to);
        else File.Move(from, to);
    }

    /// <summary>A server holds a lock file beside its queue, and a face service one in its folder, as long as it lives.</summary>
    private void RequireUnused()
    {
        var locks = Directory.EnumerateFiles(dataDirectory, BackupManifest.QueueFile + "-node-*")
            .Append(Path.Combine(dataDirectory, "visage", "visage.lock")).Where(File.Exists);
        foreach (var path in locks)
        {
            try
            {
                using var free = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                throw new UsageException($"A server uses {dataDirectory}: stop it, or name another folder.");
            }
        }
    }
}
