namespace StashAI.Queue.Model.Lanes;

/// <summary>The state of a lane's circuit. The numbers are stored: never renumber.</summary>
public enum CircuitState
{
    /// <summary>The service answers.</summary>
    Closed = 0,

    /// <summary>The service is down: nothing is claimed.</summary>
    Open = 1,

    /// <summary>One node is probing the health path, or one task is trying the service, to find out whether it is back.</summary>
    HalfOpen = 2,

    /// <summary>The service answers 500 repeatedly, and its health path is probed to find out whether it is down. Tasks continue.</summary>
    Doubted = 3,
}
