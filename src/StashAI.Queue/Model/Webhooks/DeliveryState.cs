namespace StashAI.Queue.Model.Webhooks;

/// <summary>How far a delivery is. The numbers are stored: never renumber.</summary>
public enum DeliveryState
{
    /// <summary>It is to be sent, or sent again.</summary>
    Waiting = 0,

    /// <summary>The receiver has taken it.</summary>
    Delivered = 1,

    /// <summary>It will not be sent again, unless a person asks for it.</summary>
    GivenUp = 2,
}
