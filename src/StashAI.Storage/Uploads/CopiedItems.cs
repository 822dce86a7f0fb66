namespace StashAI.Storage.Uploads;

/// <summary>Items that one transaction copied from another job.</summary>
/// <param name="Ordinals">Their positions in that job.</param>
/// <param name="Bytes">The size of their binary parts, which both jobs share.</param>
/// <param name="Next">The position from which the next transaction goes on; null after the last.</param>
internal sealed record CopiedItems(IReadOnlyList<int> Ordinals, long Bytes, int? Next)
{
    /// <summary>How many positions one transaction reads: of a large job, few items may be wanted.</summary>
    public const int Window = 20_000;

    /// <summary>How many items one transaction copies.</summary>
    public const int MaxItems = 1000;

    /// <summary>One transaction copies no further items once their inputs have so many bytes.</summary>
    public const int MaxInputBytes = 4 * 1024 * 1024;

    /// <summary>How many of the items found fit into one transaction: at least one.</summary>
    public static int Fitting(IEnumerable<long> inputBytes)
    {
        var (count, sum) = (0, 0L);
        foreach (var bytes in inputBytes.Take(MaxItems))
        {
            if (sum >= MaxInputBytes) break;
            sum += bytes;
            count++;
        }

        return count;
    }
}
