namespace StashAI.Storage;

/// <summary>Whether an error means that the database cannot do its work for now, whatever the call was.</summary>
public enum StoreTrouble
{
    /// <summary>It is no such error.</summary>
    None,

    /// <summary>It cannot be reached, or not be written; the same call may work later.</summary>
    Unavailable,

    /// <summary>Its disk is full.</summary>
    DiskFull,

    /// <summary>What it holds is damaged, or has another schema: it stays so until an operator mends it.</summary>
    Damaged,
}
