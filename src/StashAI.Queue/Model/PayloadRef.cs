namespace StashAI.Queue.Model;

/// <summary>A stored binary part of a task's input.</summary>
/// <param name="Key">The payload's inside id.</param>
/// <param name="Slot">Which part of the input it is, for example `image`.</param>
/// <param name="DataUrlPrefix">The data-URL prefix that the client sent, or null.</param>
/// <param name="Size">Size in bytes, decoded.</param>
public sealed record PayloadRef(long Key, string Slot, string? DataUrlPrefix, long Size);
