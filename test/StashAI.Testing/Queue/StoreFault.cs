namespace StashAI.Testing.Queue;

/// <summary>Where a scripted fault strikes.</summary>
public enum StoreFault
{
    /// <summary>None.</summary>
    None,

    /// <summary>The call fails and does nothing.</summary>
    BeforeCommit,

    /// <summary>The call is durable and its caller hears of a failure all the same.</summary>
    AfterCommit,
}
