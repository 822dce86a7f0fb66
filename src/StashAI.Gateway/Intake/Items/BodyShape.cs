namespace StashAI.Gateway.Intake.Items;

/// <summary>Where a body contains items, and where items contain files; everything else is the envelope.</summary>
internal sealed record BodyShape
{
    /// <summary>The member whose elements are items, on most routes.</summary>
    public const string Items = "items";

    /// <summary>The member that is one item, on most routes.</summary>
    public const string Item = "item";

    /// <summary>A document without items.</summary>
    public static BodyShape Plain { get; } = new();

    /// <summary>Members of the body whose elements are items.</summary>
    public IReadOnlyList<string> Lists { get; init; } = [];

    /// <summary>True when the list of items may have any name; the body then has only one list.</summary>
    public bool IsAnyList { get; init; }

    /// <summary>Members of the body that are one item each.</summary>
    public IReadOnlyList<string> Singles { get; init; } = [];

    /// <summary>True when the document itself is an item, as a line of NDJSON is.</summary>
    public bool IsItem { get; init; }

    /// <summary>Where an item contains files: dotted paths from the item; an empty path for an item that is a file itself.</summary>
    public IReadOnlyList<string> Files { get; init => (field, FileTree) = (value, FilePlace.Tree(value)); } = [];

    /// <summary>Where the body as an item contains files: dotted paths from the root.</summary>
    public IReadOnlyList<string> RootFiles { get; init => (field, RootTree) = (value, FilePlace.Tree(value)); } = [];

    internal FilePlace FileTree { get; private init; } = FilePlace.Tree([]);

    internal FilePlace RootTree { get; private init; } = FilePlace.Tree([]);
}
