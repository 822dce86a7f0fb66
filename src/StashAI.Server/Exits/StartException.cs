namespace StashAI.Server.Exits;

/// <summary>A command cannot continue. The message is one sentence for the person at the terminal, shown without a stack trace.</summary>
internal sealed class StartException : Exception
{
    public StartException(string message) : base(message)
    {
    }

    public StartException(string message, Exception inner) : base(message, inner)
    {
    }
}
