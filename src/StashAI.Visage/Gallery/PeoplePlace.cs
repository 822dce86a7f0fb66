namespace StashAI.Visage.Gallery;

/// <summary>A place in a list of people: the value that it is sorted by, and the row key of the person there.</summary>
internal sealed record PeoplePlace(string Value, long Key);
