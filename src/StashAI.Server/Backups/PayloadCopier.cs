using Microsoft.Win32.SafeHandles;
using StashAI.Storage.Backups;
using StashAI.Streams.Files;

namespace StashAI.Server.Backups;

/// <summary>
/// Brings payload files into a backup: those that are there stay, others become further names of the queue's files, or copies of the bytes
/// that the queue names.
/// </summary>
/// <param name="source">The queue; a payload whose bytes are not there is judged by its database of now.</param>
/// <param name="folder">The folder of the backup's payload files.</param>
/// <param name="mayLink">False to copy all files.</param>
/// <param name="stored">Is told how many bytes were stored.</param>
internal sealed class PayloadCopier(IBackupSource source, string folder, bool mayLink, Action<long> stored)
{
    /// <summary>The end of the name of an empty file beside a copy that lacks payloads: the next run copies it again.</summary>
    public const string DamagedMark = ".damaged";

    /// <summary>
    /// The end of the name of a link whose bytes were not compared yet. Nothing is written through it: it is the queue's file.
    /// </summary>
    private const string UncheckedLink = ".link";

    private readonly HashSet<string> files = [];
    private readonly List<string> added = [];

    /// <summary>The names of the files that the backup has now.</summary>
    public IReadOnlySet<string> Files => files;

    /// <summary>The names of those that were not there before.</summary>
    public IReadOnlyList<string> Added => added;

    /// <summary>How many files share their bytes with the queue.</summary>
    public int Linked { get; private set; }

    /// <summary>How many bytes were copied.</summary>
    public long CopiedBytes { get; private set; }

    /// <summary>Stores the payloads of one file.</summary>
    /// <returns>The state of each, as in <see cref="IndexedPayload.State"/>.</returns>
    public async Task<IReadOnlyList<string?>> StoreAsync(IReadOnlyList<NamedPayload> payloads, CancellationToken cancellationToken)
    {
        var name = payloads[0].File;
        var (from, to) = (Path.Combine(source.PayloadFolder!, name), Path.Combine(folder, name));
        var end = payloads.Max(payload => payload.End);
        if (IsComplete(to, end) || await TryLinkAsync(payloads, from, to, cancellationToken))
        {
            files.Add(name);
            stored(payloads.Sum(payload => payload.Size));
            return new string?[payloads.Count];
        }

        var states = await CopyAsync(payloads, from, to, cancellationToken);
        if (states.Any(state => state is null)) files.Add(name);
        return states;
    }

    /// <summary>Files get their name when they are whole, so that one with a name needs no further look.</summary>
    private static bool IsComplete(string path, long end) =>
        new FileInfo(path) is { Exists: true } file && file.Length >= end && !File.Exists(path + DamagedMark);

    /// <summary>A link of a damaged file, or over one, would be no better than it: such a file is copied, as far as it is good.</summary>
    private async Task<bool> TryLinkAsync(
        IReadOnlyList<NamedPayload> payloads, string from, string to, CancellationToken cancellationToken)
    {
        if (!mayLink || File.Exists(to)) return false;
        var link = to + UncheckedLink;
        File.Delete(link);
        if (!HardLink.TryAdd(from, link)) return false;
        try
        {
            await using (var file = RegularFile.OpenRead(link))
            {
                foreach (var payload in payloads)
                {
                    if (!await IsGoodAsync(payload, file.SafeFileHandle, null, null, cancellationToken)) return false;
                }
            }

            File.Move(link, to, overwrite: true);
        }
        finally
        {
            File.Delete(link);
        }

        added.Add(to);
        Linked++;
        return true;
    }

    private async Task<IReadOnlyList<string?>> CopyAsync(
        IReadOnlyList<NamedPayload> payloads, string from, string to, CancellationToken cancellationToken)
    {
        var states = new string?[payloads.Count];
        var draft = to + BackupFolder.Partial;
        try
        {
            await using var old = OpenSource(from);
            await using var kept = OpenSource(to);
            await using (var copy = HashedCopy.CreatePrivate(draft))
            {
                // What an earlier run brought stays, unless the queue has something better.
                if (kept is not null) await kept.CopyToAsync(copy, cancellationToken);
                for (var i = 0; i < payloads.Count; i++)
                {
                    states[i] = kept is not null && await IsGoodAsync(payloads[i], kept.SafeFileHandle, null, stored, cancellationToken)
                        ? null : await CopyAsync(payloads[i], old?.SafeFileHandle, copy.SafeFileHandle, cancellationToken);
                }

                copy.Flush(flushToDisk: true);
            }

            if (states.All(state => state is not null)) return states;
            if (states.Any(state => state is not null)) await HashedCopy.CreatePrivate(to + DamagedMark).DisposeAsync();
            if (!File.Exists(to)) added.Add(to);
            File.Move(draft, to, overwrite: true);
            if (states.All(state => state is null)) File.Delete(to + DamagedMark);
            return states;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private async Task<string?> CopyAsync(
        NamedPayload payload, SafeFileHandle? from, SafeFileHandle to, CancellationToken cancellationToken)
    {
        CopiedBytes += payload.Size;
        if (from is not null && await IsGoodAsync(payload, from, to, stored, cancellationToken)) return null;
        return await source.IsNamedAsync(payload, cancellationToken) ? IndexedPayload.Damaged : IndexedPayload.Removed;
    }

    private static async Task<bool> IsGoodAsync(
        NamedPayload payload, SafeFileHandle file, SafeFileHandle? copy, Action<long>? read, CancellationToken cancellationToken) =>
        await PayloadRange.HashAsync(file, copy, payload.Offset, payload.Size, read, cancellationToken)
            == Convert.ToHexStringLower(payload.Sha256);

    private static FileStream? OpenSource(string path)
    {
        try
        {
            return File.Exists(path) ? RegularFile.OpenRead(path) : null;
        }
        catch (IOException) when (!File.Exists(path))
        {
            return null;
        }
    }
}
