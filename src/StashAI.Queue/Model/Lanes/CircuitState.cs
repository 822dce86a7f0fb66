namespace StashAI.Queue.Model.Lanes;

/// <summary>Where a lane's circuit stands. The numbers are stored: never renumber.</summary>
public enum CircuitState
{
    /// <summary>The service answers.</summary>
    Closed = 0,

    /// <summary>The service is down: nothing is claimed.</summary>
    Open = 1,

    /// <summary>Somebody is asking whether it is back: one node its health path, or one task the service itself.</summary>
    HalfOpen = 2,

    /// <summary>It answers 500 again and again, and its health path is asked what that means. Tasks go on.</summary>
    Suspect = 3,
}
