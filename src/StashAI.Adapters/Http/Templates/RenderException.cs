namespace StashAI.Adapters.Http.Templates;

/// <summary>A template could not be rendered with its values. The message says why; <see cref="TextTemplate"/> adds where.</summary>
internal sealed class RenderException(string message, bool isLimit = false) : Exception(message)
{
    /// <summary>True when the template exceeded its budget of steps, characters or time.</summary>
    public bool IsLimit { get; } = isLimit;
}
