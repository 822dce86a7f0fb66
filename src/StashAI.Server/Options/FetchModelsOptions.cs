namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai models fetch</c>. The path is absolute.</summary>
internal sealed record FetchModelsOptions
{
    /// <summary>The folder for the face models.</summary>
    public required string ModelsDirectory { get; init; }
}
