namespace StashAI.Visage.Gallery;

/// <summary>What became of moving some faces of a person to another one; without people, nothing was changed.</summary>
/// <param name="From">The person who had the faces.</param>
/// <param name="Into">The person who has them now.</param>
internal sealed record SplitOutcome(Person? From, Person? Into)
{
    /// <summary>A person whom the gallery does not have.</summary>
    public Guid? UnknownPerson { get; init; }

    /// <summary>A face that the person does not have.</summary>
    public Guid? UnknownFace { get; init; }

    /// <summary>True when no face would be left.</summary>
    public bool LeavesNone { get; init; }
}
