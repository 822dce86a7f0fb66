namespace StashAI.Queue.Engine;

/// <summary>For what the end of a call makes room.</summary>
internal enum RoomMade
{
    /// <summary>For nothing that a claim could take.</summary>
    None,

    /// <summary>For a call that a limit held back; the process had room before.</summary>
    WithinLimits,

    /// <summary>For a call of any lane: the process had no room before.</summary>
    ForAny,
}
