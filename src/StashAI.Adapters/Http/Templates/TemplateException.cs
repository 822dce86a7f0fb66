namespace StashAI.Adapters.Http.Templates;

/// <summary>A template that cannot be used: <see cref="Offset"/> is where in its text, from 0.</summary>
internal sealed class TemplateException(int offset, string message) : Exception(message)
{
    public int Offset { get; } = offset;
}
