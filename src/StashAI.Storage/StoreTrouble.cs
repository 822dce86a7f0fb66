namespace StashAI.Storage;

/// <summary>Tells whether an error means that the database is unavailable, whatever the call was.</summary>
public enum StoreTrouble
{
    /// <summary>The database works.</summary>
    None,

    /// <summary>It cannot be reached or written; the same call may work later.</summary>
    Unavailable,

    /// <summary>Its disk is full.</summary>
    DiskFull,

    /// <summary>Its data is damaged or has another schema; an operator must repair it.</summary>
    Damaged,
}
