namespace StashAI.Server.Options;

/// <summary>What <c>stashai demo</c> runs with. Paths are absolute.</summary>
internal sealed record DemoOptions
{
    /// <summary>The data folder: the demo works in <c>demo</c> below it and shares <c>models</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Folder of the face models.</summary>
    public required string ModelsDirectory { get; init; }

    /// <summary>The user's photos to look at; null means the sample photos. Set together with <see cref="PeopleDirectory"/>.</summary>
    public string? PhotosDirectory { get; init; }

    /// <summary>A folder per person to enrol, each with photos.</summary>
    public string? PeopleDirectory { get; init; }

    /// <summary>Calls at once, 1 to 1024.</summary>
    public required int Workers { get; init; }

    /// <summary>Leaves the server running until Ctrl-C.</summary>
    public bool Keep { get; init; }

    public required LogLevel LogLevel { get; init; }
}
