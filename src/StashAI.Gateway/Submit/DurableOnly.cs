namespace StashAI.Gateway.Submit;

/// <summary>A feature of requests that must not run without the database, because nobody waits for their results.</summary>
internal sealed class DurableOnly
{
    public static DurableOnly Instance { get; } = new();

    private DurableOnly()
    {
    }
}
