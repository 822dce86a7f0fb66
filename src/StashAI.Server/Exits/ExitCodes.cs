namespace StashAI.Server.Exits;

internal static class ExitCodes
{
    public const int Success = 0;

    public const int Failure = 1;

    public const int Usage = 2;

    /// <summary>A command was interrupted before it had a result (the shells' 128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
