using System.Text;

namespace StashAI.Gateway.Upstreams.Commands;

/// <summary>Writes texts for a POSIX shell.</summary>
internal static class ShellText
{
    /// <summary>A text as one word, with marks of secrets as variables.</summary>
    public static string Word(string text, IReadOnlyDictionary<string, string> secrets)
    {
        var word = "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
        foreach (var (mark, variable) in secrets) word = word.Replace(mark, $"'\"${variable}\"'", StringComparison.Ordinal);
        // Nothing is left of quotes that stand beside a variable.
        while (word.StartsWith("''", StringComparison.Ordinal) && word.Length > 2) word = word[2..];
        while (word.EndsWith("''", StringComparison.Ordinal) && word.Length > 2 && word[^3] != '\\') word = word[..^2];
        return word;
    }

    /// <summary>A command that writes bytes to standard output.</summary>
    public static string Print(ReadOnlySpan<byte> bytes, IReadOnlyDictionary<string, string> secrets)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes) && !bytes.Contains((byte)0))
            return $"printf '%s' {Word(Encoding.UTF8.GetString(bytes), secrets)}";
        var octal = new StringBuilder("printf '");
        foreach (var one in bytes) octal.Append('\\').Append(Convert.ToString(one, 8).PadLeft(3, '0'));
        return octal.Append('\'').ToString();
    }
}
