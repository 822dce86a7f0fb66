using StashAI.Streams.Texts;

namespace StashAI.Adapters.Http.Templates;

/// <summary>An output <c>{{ … }}</c> or a tag <c>{% … %}</c> of a template.</summary>
/// <param name="IsOutput">True for an output, false for a tag.</param>
/// <param name="Start">The position of the token in the text.</param>
/// <param name="Inner">The text between the braces.</param>
internal sealed record TemplateToken(bool IsOutput, int Start, string Inner)
{
    private const int MaxLength = 4000;
    private const int MaxDepth = 32;

    /// <summary>The tags that open a block.</summary>
    private static readonly string[] Blocks = ["if", "unless", "case", "for", "capture"];

    /// <summary>The position of the text between the braces.</summary>
    public int InnerOffset => Start + 2;

    /// <summary>The position after the token.</summary>
    public int End => Start + Inner.Length + 4;

    /// <summary>The first word of the token; for a tag, its name.</summary>
    private string FirstWord
    {
        get
        {
            var inner = Inner.AsSpan().TrimStart('-').Trim();
            var end = inner.IndexOfAny(" \t\r\n-");
            return (end < 0 ? inner : inner[..end]).ToString();
        }
    }

    /// <summary>Refuses templates that the parser would follow too deeply, or whose errors it would report without a position.</summary>
    /// <exception cref="TemplateException">The template is refused.</exception>
    public static void Check(string text)
    {
        var open = new Stack<TemplateToken>();
        foreach (var token in Scan(text))
        {
            if (Characters.CountOf(token.Inner) is > MaxLength and var length)
            {
                throw new TemplateException(
                    token.Start,
                    $"an output or a tag may have at most {MaxLength} characters, and this one has {length}: make it shorter.");
            }

            if (token.Inner.Count(character => character == '[') > MaxDepth)
            {
                throw new TemplateException(token.Start, $"an output or a tag may have at most {MaxDepth} brackets: use fewer.");
            }

            if (token.IsOutput) continue;
            var word = token.FirstWord;
            if (Blocks.Contains(word))
            {
                open.Push(token);
            }
            else if (word.StartsWith("end", StringComparison.Ordinal) && open.TryPeek(out var last) && word[3..] == last.FirstWord)
            {
                open.Pop();
            }

            if (open.Count > MaxDepth)
            {
                throw new TemplateException(token.Start, $"blocks may be nested at most {MaxDepth} levels deep: use fewer levels.");
            }
        }

        if (open.TryPeek(out var unclosed))
            throw new TemplateException(unclosed.Start, $"{{%{unclosed.Inner}%}} is never closed: add {{% end{unclosed.FirstWord} %}}.");
    }

    /// <summary>
    /// The position of a word in an output or a tag, outside of quotes; if it is not found, the position of the first output or tag.
    /// </summary>
    public static int PositionOf(string text, string word)
    {
        var tokens = Scan(text);
        foreach (var token in tokens)
        {
            var quote = '\0';
            for (var i = 0; i < token.Inner.Length; i++)
            {
                var character = token.Inner[i];
                if (quote != '\0')
                {
                    quote = character == quote ? '\0' : quote;
                }
                else if (character is '\'' or '"')
                {
                    quote = character;
                }
                else if (string.CompareOrdinal(token.Inner, i, word, 0, word.Length) == 0 && IsWholeWord(token.Inner, i, word.Length))
                {
                    return token.InnerOffset + i;
                }
            }
        }

        return tokens.Count > 0 ? tokens[0].Start : 0;
    }

    private static bool IsWholeWord(string text, int position, int length) =>
        (position == 0 || !IsWordPart(text[position - 1])) && (position + length >= text.Length || !IsWordPart(text[position + length]));

    private static bool IsWordPart(char character) => char.IsLetterOrDigit(character) || character == '_';

    /// <summary>All tokens of a text, in order, except those inside <c>raw</c> and <c>comment</c>.</summary>
    /// <exception cref="TemplateException">A token is not closed.</exception>
    internal static List<TemplateToken> Scan(string text)
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
            var token = new TemplateToken(isOutput, at, text[(at + 2)..end]);
            tokens.Add(token);
            at = end + 2;
            if (!isOutput && token.FirstWord is "raw" or "comment") at = EndOfBlock(text, at, "end" + token.FirstWord, token);
        }

        return tokens;
    }

    /// <summary>The position after a <c>raw</c> or <c>comment</c> block.</summary>
    private static int EndOfBlock(string text, int position, string word, TemplateToken opening)
    {
        for (int start; (start = text.IndexOf("{%", position, StringComparison.Ordinal)) >= 0; position = start + 2)
        {
            var end = text.IndexOf("%}", start, StringComparison.Ordinal);
            if (end < 0) break;
            if (text[(start + 2)..end].Trim('-').Trim() == word) return end + 2;
        }

        throw new TemplateException(opening.Start, $"{{%{opening.Inner}%}} is never closed: add {{% {word} %}}.");
    }
}
