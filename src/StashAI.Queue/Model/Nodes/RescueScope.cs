namespace StashAI.Queue.Model.Nodes;

/// <summary>Whose tasks a rescue may give back.</summary>
public enum RescueScope
{
    /// <summary>Only of nodes that left in good order, or whose death is proven, not guessed from a lease.</summary>
    Proven,

    /// <summary>Also of nodes whose lease is over: only who could renew for a whole lease period may judge so.</summary>
    Expired,
}
