namespace StashAI.Adapters.Http.Templates;

/// <summary>One `{{ output }}` or `{% tag %}` of a template.</summary>
/// <param name="IsOutput">True for an output.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Inner">What stands between its braces.</param>
internal sealed record TemplateToken(bool IsOutput, int Start, string Inner)
{
    /// <summary>Where the text between the braces begins.</summary>
    public int InnerOffset => Start + 2;

    /// <summary>Where it ends in the text.</summary>
    public int End => Start + Inner.Length + 4;

    /// <summary>All tokens of a text, in order.</summary>
    /// <exception cref="TemplateException">One is not closed.</exception>
    public static List<TemplateToken> Scan(string text)
    {
        var tokens = new List<TemplateToken>();
        for (var at = 0; (at = text.IndexOf('{', at)) >= 0 && at + 1 < text.Length;)
        {
            var isOutput = text[at + 1] == '{';
            if (!isOutput && text[at + 1] != '%')
            {
                at++;
                continue;
            }

            var end = text.IndexOf(isOutput ? "}}" : "%}", at + 2, StringComparison.Ordinal);
            if (end < 0) throw new TemplateException(at, $"'{text.Substring(at, 2)}' is not closed by '{(isOutput ? "}}" : "%}")}'.");
            tokens.Add(new TemplateToken(isOutput, at, text[(at + 2)..end]));
            at = end + 2;
        }

        return tokens;
    }

    /// <summary>The text with one more filter behind every output.</summary>
    public static string AppendFilter(string text, string filter)
    {
        var tokens = Scan(text);
        for (var i = tokens.Count - 1; i >= 0; i--)
        {
            if (tokens[i] is not { IsOutput: true } token) continue;
            var inner = token.Inner.TrimEnd();
            var trim = inner.EndsWith('-') ? "-" : "";
            text = $"{text[..token.Start]}{{{{{inner.TrimEnd('-')} | {filter} {trim}}}}}{text[token.End..]}";
        }

        return text;
    }

    /// <summary>True when the text is one output and nothing else.</summary>
    public static bool IsLone(string text) => Scan(text) is [{ IsOutput: true } token] && token.Start == 0 && token.End == text.Length;
}
