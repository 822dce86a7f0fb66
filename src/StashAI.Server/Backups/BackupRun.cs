using StashAI.Queue.Store;
using StashAI.Server.Exits;
using StashAI.Server.Processes;
using StashAI.Storage.Backups;
using StashAI.Streams.Files;

namespace StashAI.Server.Backups;

/// <summary>
/// Makes one backup. The snapshot of the database comes first and the payload files that it names after that; between the two, no process
/// removes any. The manifest is written last: until then, an earlier backup in the folder stays the valid one.
/// </summary>
internal sealed class BackupRun(BackupPlan plan, IBackupSource source, Action<BackupStep> progress, TimeProvider clock)
{
    private static readonly TimeSpan HoldTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HoldPause = TimeSpan.FromMilliseconds(20);

    /// <summary>What a page of SQLite has unless somebody chose another size; for the progress only.</summary>
    private const int PageSize = 4096;

    private readonly List<BackupFile> files = [];
    private readonly ObjectCheck objects = new(source);
    private PayloadCopier? copier;

    /// <exception cref="UsageException">The folder cannot be used.</exception>
    /// <exception cref="StartException">The backup could not be made; an earlier one is as it was.</exception>
    public async Task<BackupOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = BackupFolder.Open(plan.Folder);
        var earlier = BackupManifest.Read(plan.Folder);
        RequireSameQueue(earlier);
        string? content = null;
        var isInPlace = false;
        try
        {
            using var held = await HoldAsync(cancellationToken);
            var time = clock.GetUtcNow();
            content = folder.CreateContent(time);
            var hasDatabase = await WriteDatabasesAsync(Path.Combine(plan.Folder, content), cancellationToken);
            await CopyPlainFilesAsync(Path.Combine(plan.Folder, content), cancellationToken);
            var payloads = await StorePayloadsAsync(folder.Payloads, Path.Combine(plan.Folder, content), cancellationToken);
            var manifest = new BackupManifest
            {
                Format = BackupManifest.CurrentFormat,
                Program = OwnProgram.Version,
                Schema = source.Schema,
                Database = hasDatabase ? BackupManifest.Sqlite : BackupManifest.Postgres,
                Queue = source.QueueId,
                CreatedAt = time,
                Content = content,
                PayloadFolder = hasDatabase || source.PayloadFolder is null ? null : Path.GetFileName(source.PayloadFolder),
                Files = files,
                Payloads = payloads,
                Objects = objects.Result,
            };
            cancellationToken.ThrowIfCancellationRequested();
            FlushFolders(folder, Path.Combine(plan.Folder, content));
            manifest.Write(plan.Folder);
            isInPlace = true;
            FlushedFolder.Flush(plan.Folder);
            return new BackupOutcome(
                manifest, copier!.CopiedBytes, copier.Linked, copier.Files.Count - copier.Added.Count, TryRemoveOthers(folder, content));
        }
        catch (Exception exception)
        {
            if (!isInPlace) Discard(content, keepPayloads: exception is OperationCanceledException);
            if ((exception as PayloadFileException)?.Message is not { } reason
                && (reason = DiskErrors.Explain(exception, plan.Folder)) is null)
            {
                throw;
            }

            var rest = isInPlace ? "The new backup is in its place, but a loss of power may still take it away"
                : earlier is null ? "There is no backup" : $"The backup of {BackupTimes.Text(earlier.CreatedAt)} is as it was";
            throw new StartException($"{reason} {rest}.", exception);
        }
    }

    /// <summary>The only backup of a queue must not go because somebody backs up another one, or an empty one, into its folder.</summary>
    private void RequireSameQueue(BackupManifest? earlier)
    {
        if (plan.MayReplace || (earlier?.Queue ?? earlier?.PayloadFolder) is not { } other || other == source.QueueId) return;
        throw new UsageException(
            $"{plan.Folder} has the backup of another queue, of {BackupTimes.Text(earlier!.CreatedAt)}: check --data and DATABASE_URL, "
            + "name another folder, or give --replace to replace that backup. A queue that was restored into a folder of photos that "
            + "queues share (PAYLOADS=files:FOLDER) is another one than its original, and needs another folder.");
    }

    /// <summary>The new backup is valid whatever happens here, and the next run tries again.</summary>
    private string? TryRemoveOthers(BackupFolder folder, string content)
    {
        try
        {
            folder.RemoveOthers(content, copier!.Files);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    /// <summary>A removal takes a moment; another backup may take long.</summary>
    private async Task<IDisposable> HoldAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            if (source.TryHoldPayloads() is { } held) return held;
            if (clock.GetElapsedTime(started) > HoldTimeout)
            {
                throw new StartException(
                    $"Another process keeps the payload files in {source.PayloadFolder}; perhaps it is another backup. Try again later.");
            }

            await Task.Delay(HoldPause, clock, cancellationToken);
        }
    }

    private async Task<bool> WriteDatabasesAsync(string content, CancellationToken cancellationToken)
    {
        var queue = Path.Combine(content, BackupManifest.QueueFile);
        var hasDatabase = await source.SnapshotAsync(queue, Pages("Copying the queue"), cancellationToken);
        if (hasDatabase) await AddAsync(queue, BackupManifest.QueueFile, cancellationToken);
        if (!File.Exists(plan.Gallery)) return hasDatabase;
        var gallery = Path.Combine(content, "visage", "visage.db");
        BackupFolder.CreatePrivate(Path.GetDirectoryName(gallery)!);
        await SqliteFileCopy.TakeAsync(plan.Gallery, gallery, Pages("Copying the gallery"), cancellationToken);
        await AddAsync(gallery, "visage/visage.db", cancellationToken);
        return hasDatabase;
    }

    private Action<int, int> Pages(string what)
    {
        progress(new BackupStep(what, 0, 0));
        return (done, total) => progress(new BackupStep(what, (long)done * PageSize, (long)total * PageSize));
    }

    private async Task CopyPlainFilesAsync(string content, CancellationToken cancellationToken)
    {
        foreach (var (path, name) in plan.PlainFiles())
        {
            var (size, hash) = await HashedCopy.CopyAsync(path, Path.Combine(content, name), cancellationToken);
            files.Add(new BackupFile(name, size, hash));
        }
    }

    private async Task<BackupPayloads> StorePayloadsAsync(string folder, string content, CancellationToken cancellationToken)
    {
        var total = 0L;
        await foreach (var payload in source.ListPayloadsAsync(cancellationToken))
            if (!NamedObjects.IsObject(payload.File)) total += payload.Size;
        var done = 0L;
        copier = new PayloadCopier(source, folder, plan.MayLink, bytes =>
        {
            done += bytes;
            progress(new BackupStep("Copying payloads", done, total));
        });
        var index = Path.Combine(content, BackupManifest.IndexFile);
        var counts = new PayloadCounts();
        await using (var stream = HashedCopy.CreatePrivate(index))
        await using (var writer = new StreamWriter(stream))
        {
            var file = new List<NamedPayload>();
            await foreach (var payload in source.ListPayloadsAsync(cancellationToken))
            {
                if (file.Count > 0 && file[0].File != payload.File) await StoreAsync(file, writer, counts, cancellationToken);
                file.Add(payload);
            }

            if (file.Count > 0) await StoreAsync(file, writer, counts, cancellationToken);
            await writer.FlushAsync(cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        await AddAsync(index, BackupManifest.IndexFile, cancellationToken);
        return new BackupPayloads(counts.Count, copier.Files.Count, counts.Size, counts.Removed, counts.Damaged);
    }

    private async Task StoreAsync(List<NamedPayload> file, TextWriter writer, PayloadCounts counts, CancellationToken cancellationToken)
    {
        var states = NamedObjects.IsObject(file[0].File)
            ? await objects.LookAsync(file, cancellationToken) : await copier!.StoreAsync(file, cancellationToken);
        for (var i = 0; i < file.Count; i++)
        {
            await PayloadIndex.WriteAsync(writer, IndexedPayload.Of(file[i], states[i]));
            counts.Add(file[i].Size, states[i]);
        }

        file.Clear();
    }

    private async Task AddAsync(string path, string name, CancellationToken cancellationToken)
    {
        var (size, hash) = await HashedCopy.HashAsync(path, cancellationToken);
        files.Add(new BackupFile(name, size, hash));
    }

    private void FlushFolders(BackupFolder folder, string content)
    {
        foreach (var inner in Directory.EnumerateDirectories(content, "*", SearchOption.AllDirectories)) FlushedFolder.Flush(inner);
        FlushedFolder.Flush(content);
        FlushedFolder.Flush(folder.Payloads);
        FlushedFolder.Flush(plan.Folder);
    }

    /// <summary>Removes what this run wrote. After an interruption whole payload files stay, so that the next run goes on.</summary>
    private void Discard(string? content, bool keepPayloads)
    {
        try
        {
            if (content is not null) Directory.Delete(Path.Combine(plan.Folder, content), recursive: true);
            foreach (var file in keepPayloads ? [] : copier?.Added ?? []) File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left is no backup without a manifest, and the next run removes it.
        }
    }

    private sealed class PayloadCounts
    {
        public long Count { get; private set; }

        public long Size { get; private set; }

        public long Removed { get; private set; }

        public long Damaged { get; private set; }

        public void Add(long size, string? state)
        {
            if (state == IndexedPayload.Removed) Removed++;
            else if (state == IndexedPayload.Damaged) Damaged++;
            else if (state is null) (Count, Size) = (Count + 1, Size + size);
        }
    }
}
