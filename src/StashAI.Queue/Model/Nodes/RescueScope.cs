namespace StashAI.Queue.Model.Nodes;

/// <summary>The nodes whose tasks a rescue may give back.</summary>
public enum RescueScope
{
    /// <summary>Only nodes that left cleanly, or whose death is proven rather than inferred from a lease.</summary>
    Proven,

    /// <summary>Also nodes whose lease has expired. Only for callers that could renew their own lease for a whole lease period.</summary>
    Expired,
}
