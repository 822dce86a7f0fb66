namespace StashAI.Queue.Model.Tasks;

/// <summary>A task's JSON input that is kept with the payloads instead of in the task's row (docs/adr/0036).</summary>
/// <param name="PayloadKey">The internal key of the payload.</param>
/// <param name="Size">The size in bytes, UTF-8.</param>
/// <param name="ItemId">The client's id in the input, as JSON; null for none.</param>
public sealed record LargeInput(long PayloadKey, long Size, string? ItemId)
{
    /// <summary>The most bytes of an input that is kept in the task's row.</summary>
    public const int MaxRowBytes = 64 * 1024;
}
