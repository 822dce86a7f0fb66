using StashAI.Queue.Store;
using StashAI.Server.Exits;
using StashAI.Storage.Backups;
using StashAI.Storage.Payloads.Objects;
using StashAI.Streams.Files;

namespace StashAI.Server.Backups;

/// <summary>
/// Reads all of a backup, compares it with what was written, and says what is wrong with it. What it reads it may copy: a restore needs no
/// second reading, and a file that changes meanwhile is noticed. Objects that the backup names are looked for in their bucket.
/// </summary>
/// <param name="folder">The folder of the backup.</param>
/// <param name="progress">Is told how far it is.</param>
/// <param name="what">What is done, for people.</param>
/// <param name="keys">Who uses the bucket of the objects; null for whom the environment of AWS's tools names.</param>
internal sealed class BackupReader(string folder, Action<BackupStep> progress, string what, S3Keys? keys)
{
    private readonly List<string> problems = [];
    private int lostPayloads;
    private long done;
    private long total;
    private bool canAskBucket = true;

    /// <summary>One sentence for each file or payload that is missing or altered.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>True when there are problems, and all of them are payloads, without which a queue can live.</summary>
    public bool LacksOnlyPayloads => problems.Count > 0 && problems.Count == lostPayloads;

    /// <summary>The manifest of a finished backup.</summary>
    /// <exception cref="UsageException">There is no finished backup in the folder.</exception>
    /// <exception cref="StartException">The manifest cannot be read.</exception>
    public static BackupManifest Open(string folder)
    {
        if (!Directory.Exists(folder)) throw new UsageException($"There is no folder {folder}.");
        return BackupManifest.Read(folder) ?? throw new UsageException(
            BackupFolder.HasUnfinished(folder, null)
                ? $"{folder} has a backup that was not finished, and no other: run 'stashai backup' again."
                : $"{folder} has no backup: {BackupManifest.FileName} is missing.");
    }

    /// <summary>Reads all of the backup.</summary>
    /// <param name="manifest">What it should have.</param>
    /// <param name="target">Copies its files; null to copy nothing.</param>
    /// <param name="cancellationToken">Stops between two pieces.</param>
    public async Task ReadAsync(BackupManifest manifest, RestoreTarget? target, CancellationToken cancellationToken)
    {
        total = manifest.Size;
        var content = Path.Combine(folder, manifest.Content);
        // The list of payloads is read only if it is the one that was written.
        foreach (var file in manifest.Files.OrderBy(file => file.Path == BackupManifest.QueueFile))
        {
            var isGood = await ReadFileAsync(content, file, target, cancellationToken);
            if (isGood && file.Path == BackupManifest.IndexFile) await ReadPayloadsAsync(manifest, content, target, cancellationToken);
        }

        if (!manifest.Has(BackupManifest.IndexFile)) problems.Add($"{BackupManifest.FileName}: the list of payloads is missing.");
    }

    private async Task<bool> ReadFileAsync(
        string content, BackupFile file, RestoreTarget? target, CancellationToken cancellationToken)
    {
        var path = Path.Combine(content, file.Path);
        if (SizeOf(path) is not { } size)
        {
            problems.Add($"{path} is missing.");
            return false;
        }

        if (size != file.Size)
        {
            problems.Add($"{path} has {size} bytes, not the {file.Size} that were written.");
            return false;
        }

        var copy = target?.PathOf(file.Path);
        var (_, hash) = copy is null
            ? await HashedCopy.HashAsync(path, cancellationToken) : await HashedCopy.CopyAsync(path, copy, cancellationToken);
        Report(size);
        if (hash == file.Sha256) return true;
        problems.Add($"{path} was altered: its bytes are not those that were written.");
        return false;
    }

    private async Task ReadPayloadsAsync(
        BackupManifest manifest, string content, RestoreTarget? target, CancellationToken cancellationToken)
    {
        var count = 0L;
        using var bucket = manifest.Objects is { } named ? Connect(named, manifest.Queue) : null;
        await foreach (var file in PayloadIndex.ReadFilesAsync(Path.Combine(content, BackupManifest.IndexFile), cancellationToken))
        {
            var held = file.Where(payload => payload.State is null).ToList();
            count += held.Count;
            if (held.Count > 0) await ReadPayloadFileAsync(held, target, cancellationToken);
            var outside = file.Where(payload => payload.State == IndexedPayload.Outside).ToList();
            if (outside.Count > 0 && bucket is not null && canAskBucket) await LookForAsync(outside, bucket, cancellationToken);
        }

        if (count != manifest.Payloads.Count)
            problems.Add($"{BackupManifest.FileName} names {manifest.Payloads.Count} payloads, and {count} are listed.");
    }

    private async Task ReadPayloadFileAsync(
        List<IndexedPayload> payloads, RestoreTarget? target, CancellationToken cancellationToken)
    {
        var path = Path.Combine(BackupFolder.PayloadsIn(folder), payloads[0].File);
        if (SizeOf(path) is null)
        {
            AddLost($"{path} is missing.");
            return;
        }

        await using var from = RegularFile.OpenRead(path);
        await using var copy = target?.PathOfPayload(payloads[0].File) is { } place ? HashedCopy.CreatePrivate(place) : null;
        foreach (var payload in payloads)
        {
            var hash = await PayloadRange.HashAsync(
                from.SafeFileHandle, copy?.SafeFileHandle, payload.Offset, payload.Size, Report, cancellationToken);
            if (hash is null) AddLost($"{path} is shorter than it was: it ends before byte {payload.Offset + payload.Size}.");
            else if (hash != payload.Sha256) AddLost($"{path} was altered: {Range(payload)} are not those that were written.");
            if (hash is null) break;
        }

        copy?.Flush(flushToDisk: true);
    }

    private NamedObjects? Connect(BackupObjects named, string? queue)
    {
        try
        {
            return NamedObjects.Connect(new S3Settings(S3Address.Parse(named.Place), keys), queue ?? "");
        }
        catch (Exception exception) when (exception is FormatException or StoreOpenException)
        {
            AddLost($"The objects in {named.Place} could not be looked for: {exception.Message}");
            return null;
        }
    }

    private async Task LookForAsync(List<IndexedPayload> payloads, NamedObjects bucket, CancellationToken cancellationToken)
    {
        var (path, end) = (bucket.PathOf(payloads[0].File), payloads.Max(payload => payload.Offset + payload.Size));
        try
        {
            var size = await bucket.FindSizeAsync(payloads[0].File, cancellationToken);
            if (size is null) AddLost($"{path} is missing.");
            else if (size < end) AddLost($"{path} is shorter than it was: it ends before byte {end}.");
        }
        catch (PayloadFileException exception)
        {
            // The others would not be found either.
            canAskBucket = false;
            AddLost($"Not all objects could be looked for: {exception.Message}");
        }
    }

    private void AddLost(string problem)
    {
        problems.Add(problem);
        lostPayloads++;
    }

    private static string Range(IndexedPayload payload) => $"bytes {payload.Offset} to {payload.Offset + payload.Size}";

    private static long? SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    private void Report(long bytes)
    {
        done += bytes;
        progress(new BackupStep(what, done, total));
    }
}
