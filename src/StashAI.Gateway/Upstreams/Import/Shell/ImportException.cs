namespace StashAI.Gateway.Upstreams.Import.Shell;

/// <summary>A curl command cannot become a declaration; the message says why and how to fix it.</summary>
internal sealed class ImportException(string message, string field = "curl") : Exception(message)
{
    /// <summary>What is wrong: the command, the <c>name</c> of the service, or the <c>item</c>.</summary>
    public string Field { get; } = field;
}
