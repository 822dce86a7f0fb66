namespace StashAI.Queue.Model;

/// <summary>What a node asks for when it claims.</summary>
public sealed record ClaimRequest
{
    /// <summary>The node, whose lease must be alive: otherwise nothing is claimed.</summary>
    public required long NodeKey { get; init; }

    /// <summary>At most this many for free slots.</summary>
    public required int Slots { get; init; }

    /// <summary>At most this many more, to wait for a slot; none of a lane with a hard limit.</summary>
    public int Ahead { get; init; }

    /// <summary>Only these services.</summary>
    public required IReadOnlyCollection<string> Services { get; init; }

    /// <summary>True when the process holds no task at all: only then may it take a suspect, which runs alone.</summary>
    public bool IsIdle { get; init; }
}
