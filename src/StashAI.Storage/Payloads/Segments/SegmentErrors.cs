using StashAI.Queue.Store;

namespace StashAI.Storage.Payloads.Segments;

/// <summary>Errors that every place of segments has.</summary>
internal static class SegmentErrors
{
    /// <summary>Bytes are lost for good.</summary>
    /// <param name="path">The name of the segment for people.</param>
    /// <param name="what">What became of it, after its name.</param>
    /// <param name="inner">What was thrown.</param>
    public static PayloadLostException Lost(string path, string what, Exception? inner = null) =>
        new($"{path} {what}: put it back from a backup, or submit the item again.", inner);
}
