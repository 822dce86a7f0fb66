namespace StashAI.Server.Options;

/// <summary>What <c>stashai models fetch</c> runs with. The path is absolute.</summary>
internal sealed record FetchModelsOptions
{
    /// <summary>The folder that gets the face models.</summary>
    public required string ModelsDirectory { get; init; }
}
