namespace StashAI.Server.Cli.Remote;

/// <summary>What a command for work finds around it.</summary>
internal sealed record Surroundings
{
    /// <summary>A variable of the environment by its name.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Standard input.</summary>
    public required TextReader Input { get; init; }

    /// <summary>Standard error itself where it is a terminal, for lines that are drawn again; null otherwise.</summary>
    public TextWriter? ErrorTerminal { get; init; }

    /// <summary>True when a person at a terminal can answer a question.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Opens pages; null where there is no browser, or nobody to look at it.</summary>
    public Browser? Browser { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
