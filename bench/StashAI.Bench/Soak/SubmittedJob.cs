namespace StashAI.Bench.Soak;

/// <summary>A job that a client sent.</summary>
internal sealed record SubmittedJob(string Name, int Items, int MaxParallel)
{
    /// <summary>Its id, once a 2xx said that the job is kept.</summary>
    public string? Id { get; set; }

    /// <summary>How many items were answered at once, because the database could not be written; null when it was queued.</summary>
    public int? AnsweredItems { get; set; }

    /// <summary>Somebody asked to cancel it.</summary>
    public bool WasCancelled { get; set; }

    /// <summary>Its client removed it when it was over.</summary>
    public bool WasRemoved { get; set; }

    /// <summary>What a client read when it first saw the job over.</summary>
    public string? End { get; set; }

    /// <summary>The text of an item.</summary>
    public string Item(int ordinal) => $"{Name}/{ordinal}";
}
