namespace StashAI.Queue.Model.Work;

/// <summary>What a node holds of a lane with a limit.</summary>
/// <param name="Held">Its claimed calls that have not ended, waiting or running.</param>
/// <param name="Ahead">How many calls it would like to hold beyond the limit, so that a call is there when another one ends; 0 for none.</param>
public readonly record struct LaneLead(int Held, int Ahead)
{
    /// <summary>How many more calls it takes, with a limit of so many: at least half of those ahead at once, because a claim costs the same for all.</summary>
    public int RoomIn(int limit)
    {
        var room = limit + Ahead - Held;
        return room < (Ahead + 1) / 2 ? 0 : room;
    }
}
