namespace StashAI.Gateway.Live.Hub;

/// <summary>What happened to an entry of a list.</summary>
internal enum ListChange
{
    /// <summary>It is new, or changed, and matches the filter.</summary>
    Changed,

    /// <summary>It no longer matches the filter.</summary>
    Left,

    /// <summary>It does not exist any more.</summary>
    Removed,
}

/// <summary>One entry of a list in its newest state.</summary>
/// <param name="Id">The id of the job, or the name of the service.</param>
/// <param name="Change">What happened.</param>
/// <param name="Entry">The entry, a JSON object; empty for a removed one.</param>
internal readonly record struct ListEntry(string Id, ListChange Change, ReadOnlyMemory<byte> Entry);
