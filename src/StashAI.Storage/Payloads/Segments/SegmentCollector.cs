using Microsoft.Extensions.Logging;

namespace StashAI.Storage.Payloads.Segments;

/// <summary>
/// Removes payloads in segments, and segments, of one place that nothing names any more. Each step may be repeated: room is given back
/// before the row that says where it is goes, so that a process that dies in between leaves the rest to the next.
/// </summary>
internal sealed class SegmentCollector(IPayloadRows rows, ISegmentPlace place, ILogger logger)
{
    /// <summary>Rows of payloads in segments are small: so many go with each that the caller would remove of the others.</summary>
    private const int RowsPerPiece = 16;

    private const int NamesPerQuery = 1000;

    private HashSet<long>? sweptNodes;
    private bool isRefused;

    /// <summary>
    /// Does one bounded step of each kind; returns how many payloads and segments it removed. It does nothing while a backup copies them,
    /// or where it cannot know that none does.
    /// </summary>
    public async Task<int> RunOnceAsync(int limit, CancellationToken cancellationToken)
    {
        using var removal = TryLock();
        if (removal is null) return 0;
        var count = await RemovePayloadsAsync(limit * RowsPerPiece, cancellationToken);
        count += await RemoveSegmentsAsync(limit, cancellationToken);
        return count + await SweepAsync(cancellationToken);
    }

    private IDisposable? TryLock()
    {
        try
        {
            var removal = place.TryShareRemoval();
            isRefused = false;
            return removal;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!isRefused) SegmentLog.NotRemoving(logger, place.Name, exception.Message.TrimEnd('.'));
            isRefused = true;
            return null;
        }
    }

    private async Task<int> RemovePayloadsAsync(int limit, CancellationToken cancellationToken)
    {
        var found = await rows.FindUnreferencedAsync(limit, place.Extension, cancellationToken);
        if (found.Count == 0) return 0;
        // The room of a segment without other payloads comes back with the segment.
        foreach (var shared in found.GroupBy(payload => payload.Segment).Where(one => one.Count() < one.First().InFile))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await FreeAsync([.. shared.OrderBy(payload => payload.Offset)]);
        }

        return await rows.RemovePayloadsAsync(found, cancellationToken);
    }

    /// <summary>Frees runs of neighbours at once.</summary>
    private async Task FreeAsync(List<UnreferencedPayload> payloads)
    {
        for (var i = 0; i < payloads.Count;)
        {
            var (start, end) = (payloads[i].Offset, payloads[i].Offset + payloads[i].Size);
            for (i++; i < payloads.Count && payloads[i].Offset == end; i++) end += payloads[i].Size;
            await place.FreeAsync(payloads[0].File, start, end - start);
        }
    }

    private async Task<int> RemoveSegmentsAsync(int limit, CancellationToken cancellationToken)
    {
        var empty = await rows.FindEmptySegmentsAsync(limit, place.Extension, cancellationToken);
        if (empty.Count == 0) return 0;
        await DeleteAsync(empty.Select(segment => segment.File), isBroken: false, cancellationToken);
        return await rows.RemoveSegmentsAsync([.. empty.Select(segment => segment.Key)], cancellationToken);
    }

    /// <summary>Removes segments that uploads of lost nodes left, once after the start and once for each node that is lost.</summary>
    private async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var nodes = (await rows.ListNodesAsync(cancellationToken)).ToHashSet();
        if (sweptNodes is not null && sweptNodes.IsSubsetOf(nodes))
        {
            sweptNodes = nodes;
            return 0;
        }

        var count = 0;
        // The names are read before the rows: one that has no row then was not committed, and its node cannot commit it any more.
        var segments = (await place.ListAsync(cancellationToken))
            .Select(name => (Name: name, Node: SegmentName.NodeOf(name)))
            .Where(one => one.Node is not null).Select(one => (one.Name, one.Node!.Value));
        foreach (var part in segments.Chunk(NamesPerQuery))
        {
            var orphans = await rows.FindOrphansAsync(part, cancellationToken);
            await DeleteAsync(orphans, isBroken: true, cancellationToken);
            count += orphans.Count;
        }

        sweptNodes = nodes;
        return count;
    }

    private async Task DeleteAsync(IEnumerable<string> segments, bool isBroken, CancellationToken cancellationToken)
    {
        foreach (var segment in segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await place.DeleteAsync(segment, isBroken);
        }
    }
}
