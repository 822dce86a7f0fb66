namespace StashAI.Server.Cli.Options;

/// <summary>What <c>stashai keys list</c> runs with. Paths are absolute.</summary>
internal sealed record ListKeysOptions
{
    /// <inheritdoc cref="CreateKeyOptions.QueueDatabasePath"/>
    public required string QueueDatabasePath { get; init; }

    public required LogLevel LogLevel { get; init; }
}
