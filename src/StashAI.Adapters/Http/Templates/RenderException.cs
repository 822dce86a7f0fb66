namespace StashAI.Adapters.Http.Templates;

/// <summary>A template could not be filled in with what it was given. The message says why and, once it leaves the template, where.</summary>
internal sealed class RenderException(string message, bool isLimit = false) : Exception(message)
{
    /// <summary>True when the template took too many steps, or too much room or time.</summary>
    public bool IsLimit { get; } = isLimit;
}
