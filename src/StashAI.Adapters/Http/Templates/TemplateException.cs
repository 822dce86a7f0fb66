namespace StashAI.Adapters.Http.Templates;

/// <summary>A template is not valid. <see cref="Offset"/> is the position of the error in its text, from 0.</summary>
internal sealed class TemplateException(int offset, string message) : Exception(message)
{
    public int Offset { get; } = offset;
}
