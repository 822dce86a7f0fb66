using System.Globalization;
using System.Text;

namespace StashAI.Server.Cli.Services;

/// <summary>The words of a POSIX shell's line, with `$'...'` as browsers copy it; nothing in it is run or expanded.</summary>
internal static class ShellLine
{
    private const char Ansi = '$';

    private static readonly string[] Ends = ["|", "||", "&", "&&", ";", ">", ">>"];

    /// <exception cref="UsageException">A quote is not closed.</exception>
    public static List<string> Words(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isWord, isQuoted, quote) = (false, false, '\0');
        for (var i = 0; i < command.Length; i++)
        {
            var one = command[i];
            if (quote == Ansi && one == '\\' && i + 1 < command.Length)
            {
                word.Append(Escaped(command, ref i));
            }
            else if (quote is '\'' or Ansi)
            {
                if (one == '\'') quote = '\0';
                else word.Append(one);
            }
            else if (one == '\\' && i + 1 < command.Length)
            {
                var next = command[++i];
                if (quote == '"' && next is not ('"' or '\\' or '$' or '`' or '\n')) word.Append('\\');
                if (next == '\r' && i + 1 < command.Length && command[i + 1] == '\n') i++;
                else if (next != '\n') (isWord, _) = (true, word.Append(next));
            }
            else if (quote == '"')
            {
                if (one == '"') quote = '\0';
                else word.Append(one);
            }
            else if (one is '\'' or '"')
            {
                (quote, isWord, isQuoted) = (one, true, true);
            }
            else if (one == Ansi && i + 1 < command.Length && command[i + 1] == '\'')
            {
                (quote, isWord, isQuoted) = (Ansi, true, true);
                i++;
            }
            else if (!char.IsWhiteSpace(one))
            {
                (isWord, _) = (true, word.Append(one));
            }
            else if (isWord)
            {
                // What stands behind it is another command's.
                if (!isQuoted && Ends.Contains(word.ToString())) return words;
                words.Add(word.ToString());
                (isWord, isQuoted, _) = (false, false, word.Clear());
            }
        }

        if (quote != '\0') throw new UsageException("a quote in the curl command is not closed.");
        if (isWord) words.Add(word.ToString());
        return words;
    }

    /// <summary>What an escape stands for; <paramref name="at"/> moves to its last character.</summary>
    private static string Escaped(string text, ref int at)
    {
        var kind = text[++at];
        if (kind is 'u' or 'x')
        {
            var digits = 0;
            while (digits < (kind == 'u' ? 4 : 2) && at + digits + 1 < text.Length && char.IsAsciiHexDigit(text[at + digits + 1])) digits++;
            if (digits == 0) return "\\" + kind;
            var code = int.Parse(text.AsSpan(at + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at += digits;
            return ((char)code).ToString();
        }

        return kind switch
        {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            '\'' or '"' or '\\' or '?' => kind.ToString(),
            _ => "\\" + kind,
        };
    }
}
