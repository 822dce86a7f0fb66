namespace StashAI.Testing.Processes;

/// <summary>How to start one <see cref="StashAIProcess"/>.</summary>
public sealed record StashAIProcessOptions
{
    /// <summary>The arguments, the command first: <c>serve --urls http://127.0.0.1:0 ...</c>.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>
    /// Variables to set; null takes one away. The product's own variables are never inherited from the test process.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>
    /// The working folder, which the caller deletes; null makes a temp folder that goes with the process. A restart in the
    /// data of an earlier process passes the folder here.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The command to start; null is the built <c>stashai</c> beside the test assembly.</summary>
    public IReadOnlyList<string>? Program { get; init; }
}
