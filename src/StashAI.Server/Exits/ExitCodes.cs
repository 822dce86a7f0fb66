namespace StashAI.Server.Exits;

internal static class ExitCodes
{
    public const int Success = 0;

    public const int Failure = 1;

    public const int Usage = 2;

    /// <summary>A wait reached its time limit. The job goes on.</summary>
    public const int TimedOut = 3;

    /// <summary>The server needs an API key, or the role of the key is too small.</summary>
    public const int NotAllowed = 4;

    /// <summary>A job ended, and not every task of it has a result.</summary>
    public const int JobFailed = 5;

    /// <summary>The server does not answer.</summary>
    public const int Unreachable = 6;

    /// <summary>A command was interrupted before it had a result (the shells' 128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
