namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai demo</c>. Paths are absolute.</summary>
internal sealed record DemoOptions
{
    /// <summary>The data folder. The demo uses its subfolder <c>demo</c>, and shares <c>models</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Folder of the face models.</summary>
    public required string ModelsDirectory { get; init; }

    /// <summary>The folder of the user's photos; null for the sample photos. Set together with <see cref="PeopleDirectory"/>.</summary>
    public string? PhotosDirectory { get; init; }

    /// <summary>The folder with a subfolder of photos for each person to enrol.</summary>
    public string? PeopleDirectory { get; init; }

    /// <summary>The most concurrent calls, 1 to 1024.</summary>
    public required int Workers { get; init; }

    /// <summary>Leaves the server running until Ctrl-C.</summary>
    public bool Keep { get; init; }

    /// <summary>Shows a page to the person at the terminal; false if that failed. Null where there is no browser.</summary>
    public Func<Uri, bool>? OpenPage { get; init; }

    public required LogLevel LogLevel { get; init; }
}
