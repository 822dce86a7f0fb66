namespace StashAI.Server.Exits;

/// <summary>A flag or an environment variable is not valid; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
