namespace StashAI.Testing.Queue;

/// <summary>The store calls that <see cref="FaultyStore"/> can break.</summary>
public enum StoreCall
{
    /// <summary>A claim.</summary>
    Claim,

    /// <summary>The recording of outcomes.</summary>
    Apply,

    /// <summary>The renewal of a lease.</summary>
    Renew,

    /// <summary>The registration of a node.</summary>
    Register,

    /// <summary>Promotion of due tasks.</summary>
    Promote,

    /// <summary>Rescue of lost tasks.</summary>
    Rescue,

    /// <summary>The end of a call, which gives its note back.</summary>
    EndCall,

    /// <summary>The release of what a lost answer left claimed.</summary>
    ReleaseUnknown,

    /// <summary>Removal of what is old.</summary>
    RemoveOld,
}
