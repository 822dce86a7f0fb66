namespace StashAI.Queue.Model.Files;

/// <summary>The API that a batch was made with. The numbers are stored: never renumber.</summary>
public enum BatchDialect
{
    /// <summary>OpenAI's: its items are the lines of a file.</summary>
    OpenAi = 0,

    /// <summary>Anthropic's: its items were in the request, and it has been a job since then.</summary>
    Anthropic = 1,
}
