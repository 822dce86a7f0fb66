using Microsoft.Extensions.Logging;

namespace StashAI.Storage.Payloads.Files;

/// <summary>
/// Removes payloads in files, and files, that nothing names any more. Each step may be repeated: room is given back before the row that
/// says where it is goes, so that a process that dies in between leaves the rest to the next.
/// </summary>
internal sealed class SegmentCollector(IPayloadRows rows, SegmentDisk disk, ILogger logger)
{
    /// <summary>Rows of payloads in files are small: so many go with each that the caller would remove of the others.</summary>
    private const int RowsPerPiece = 16;

    private const int NamesPerQuery = 1000;

    private HashSet<long>? sweptNodes;
    private bool isRefused;

    /// <summary>
    /// Does one bounded step of each kind; returns how many payloads and files it removed. It does nothing while a backup copies files, or
    /// where it cannot know that none does.
    /// </summary>
    public async Task<int> RunOnceAsync(int limit, CancellationToken cancellationToken)
    {
        using var removal = TryLock();
        if (removal is null) return 0;
        var count = await RemovePayloadsAsync(limit * RowsPerPiece, cancellationToken);
        count += await RemoveFilesAsync(limit, cancellationToken);
        return count + await SweepAsync(cancellationToken);
    }

    private RemovalLock? TryLock()
    {
        try
        {
            var removal = RemovalLock.TryShare(disk.Folder);
            isRefused = false;
            return removal;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!isRefused) SegmentLog.NotRemoving(logger, disk.Folder, exception.Message.TrimEnd('.'));
            isRefused = true;
            return null;
        }
    }

    private async Task<int> RemovePayloadsAsync(int limit, CancellationToken cancellationToken)
    {
        var found = await rows.FindUnreferencedAsync(limit, cancellationToken);
        if (found.Count == 0) return 0;
        // The room of a file without other payloads comes back with the file.
        foreach (var shared in found.GroupBy(payload => payload.Segment).Where(file => file.Count() < file.First().InFile))
        {
            await Task.Run(() => Free([.. shared.OrderBy(payload => payload.Offset)]), cancellationToken);
        }

        return await rows.RemovePayloadsAsync(found, cancellationToken);
    }

    /// <summary>Frees runs of neighbours at once.</summary>
    private void Free(List<UnreferencedPayload> payloads)
    {
        for (var i = 0; i < payloads.Count;)
        {
            var (start, end) = (payloads[i].Offset, payloads[i].Offset + payloads[i].Size);
            for (i++; i < payloads.Count && payloads[i].Offset == end; i++) end += payloads[i].Size;
            disk.Free(payloads[0].File, start, end - start);
        }
    }

    private async Task<int> RemoveFilesAsync(int limit, CancellationToken cancellationToken)
    {
        var empty = await rows.FindEmptySegmentsAsync(limit, cancellationToken);
        if (empty.Count == 0) return 0;
        await Task.Run(() => Delete(empty.Select(segment => segment.File)), cancellationToken);
        return await rows.RemoveSegmentsAsync([.. empty.Select(segment => segment.Key)], cancellationToken);
    }

    /// <summary>Removes files that uploads of lost nodes left behind, once after the start and once for each node that is lost.</summary>
    private async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var nodes = (await rows.ListNodesAsync(cancellationToken)).ToHashSet();
        if (sweptNodes is not null && sweptNodes.IsSubsetOf(nodes))
        {
            sweptNodes = nodes;
            return 0;
        }

        var count = 0;
        // The names are read before the rows: a file that has no row then was not committed, and its node cannot commit it any more.
        var files = (await Task.Run(disk.List, cancellationToken))
            .Select(file => (File: file, Node: SegmentName.NodeOf(file)))
            .Where(file => file.Node is not null).Select(file => (file.File, file.Node!.Value));
        foreach (var part in files.Chunk(NamesPerQuery))
        {
            var orphans = await rows.FindOrphansAsync(part, cancellationToken);
            await Task.Run(() => Delete(orphans), cancellationToken);
            count += orphans.Count;
        }

        sweptNodes = nodes;
        return count;
    }

    private void Delete(IEnumerable<string> files)
    {
        foreach (var file in files) disk.Delete(file);
    }
}
