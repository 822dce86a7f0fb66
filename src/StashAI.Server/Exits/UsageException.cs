namespace StashAI.Server.Exits;

/// <summary>A flag or an environment variable holds a value that cannot be used; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
