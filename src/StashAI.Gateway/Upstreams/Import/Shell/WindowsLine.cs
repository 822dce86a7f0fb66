using System.Text;
using System.Text.RegularExpressions;

namespace StashAI.Gateway.Upstreams.Import.Shell;

/// <summary>Splits commands that were copied for cmd.exe or PowerShell into words.</summary>
internal static partial class WindowsLine
{
    /// <summary>For cmd.exe, browsers put ^ before quotes and at line ends.</summary>
    public static bool IsCmd(string line) => Caret().IsMatch(line);

    /// <summary>For PowerShell, lines end with a backtick.</summary>
    public static bool IsPowerShell(string line) => Backtick().IsMatch(line) || PowerShell().IsMatch(line);

    /// <summary>Splits as cmd.exe, which removes ^, and then as the program, which splits its command line.</summary>
    public static List<string> CmdWords(string line)
    {
        var plain = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var one = line[i];
            if (one == '^' && !isQuoted && i + 1 < line.Length)
            {
                i++;
                if (line[i] == '\r' && i + 1 < line.Length && line[i + 1] == '\n') i++;
                if (line[i] != '\n')
                {
                    plain.Append(line[i]);
                    continue;
                }

                // The line break is skipped, and the next character is literal, even a second line break.
                if (i + 1 < line.Length && line[i + 1] == '\r') i++;
                if (i + 1 < line.Length && line[i + 1] == '\n') plain.Append(line[++i]);
            }
            else if (one == '"')
            {
                isQuoted = !isQuoted;
                plain.Append(one);
            }
            else if (!isQuoted && one is '|' or '>' or '<' or '&')
            {
                break;
            }
            else if (one == '%' && CmdVariable().Match(line, i) is { Success: true } match)
            {
                plain.Append(ShellVariables.Mark(match.Groups["name"].Value, null));
                i += match.Length - 1;
            }
            else if (!isQuoted && one == '\n')
            {
                break;
            }
            else
            {
                plain.Append(one);
            }
        }

        return Arguments(plain.ToString());
    }

    public static List<string> PowerShellWords(string line)
    {
        if (PowerShell().Match(line) is { Success: true } match)
        {
            throw new ImportException(
                $"this is PowerShell ({match.Value.Trim()}), not curl; in the browser choose 'Copy as cURL (bash)', "
                + "or write the call as a curl command.");
        }

        var words = new List<string>();
        var word = new StringBuilder();
        var (isWord, quote) = (false, '\0');
        for (var i = 0; i < line.Length; i++)
        {
            var one = line[i];
            if (one == '`' && quote != '\'' && i + 1 < line.Length)
            {
                i++;
                if (quote == '\0' && line[i] == '\r' && i + 1 < line.Length) i++;
                if (quote == '\0' && line[i] == '\n') continue;
                (isWord, _) = (true, word.Append(line[i] switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '0' => throw new ImportException("the command has a NUL."),
                    var other => other,
                }));
            }
            else if (quote != '\0' && one == quote)
            {
                if (i + 1 < line.Length && line[i + 1] == quote) word.Append(line[i++]);
                else quote = '\0';
            }
            else if (quote == '\0' && one is '\'' or '"')
            {
                (quote, isWord) = (one, true);
            }
            else if (quote != '\'' && one == '$')
            {
                var variable = PowerShellVariable().Match(line, i);
                if (!variable.Success)
                {
                    throw new ImportException("the command has a PowerShell variable; write its value, or use $env:NAME.");
                }

                (isWord, _) = (true, word.Append(ShellVariables.Mark(variable.Groups["name"].Value, null)));
                i += variable.Length - 1;
            }
            else if (quote == '\0' && one is '|' or ';' or '>')
            {
                break;
            }
            else if (quote == '\0' && char.IsWhiteSpace(one))
            {
                if (isWord) words.Add(word.ToString());
                (isWord, _) = (false, word.Clear());
                if (one == '\n' && words.Count > 0) break;
            }
            else
            {
                (isWord, _) = (true, word.Append(one));
            }
        }

        if (quote != '\0') throw new ImportException("a quote in the curl command is not closed.");
        if (isWord) words.Add(word.ToString());
        return words;
    }

    /// <summary>Splits a line as Windows programs do: backslashes are special only before a quote.</summary>
    private static List<string> Arguments(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isWord, isQuoted) = (false, false);
        for (var i = 0; i < line.Length; i++)
        {
            var slashes = 0;
            while (i < line.Length && line[i] == '\\') (slashes, i) = (slashes + 1, i + 1);
            var isQuote = i < line.Length && line[i] == '"';
            if (slashes > 0) (isWord, _) = (true, word.Append('\\', isQuote ? slashes / 2 : slashes));
            if (i == line.Length) break;
            if (isQuote && slashes % 2 == 1)
            {
                word.Append('"');
            }
            else if (isQuote && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                word.Append(line[i++]);
            }
            else if (isQuote)
            {
                (isQuoted, isWord) = (!isQuoted, true);
            }
            else if (isQuoted || line[i] is not (' ' or '\t' or '\r' or '\n'))
            {
                (isWord, _) = (true, word.Append(line[i]));
            }
            else if (isWord)
            {
                words.Add(word.ToString());
                (isWord, _) = (false, word.Clear());
            }
        }

        if (isQuoted) throw new ImportException("a quote in the curl command is not closed.");
        if (isWord) words.Add(word.ToString());
        return words;
    }

    [GeneratedRegex(@"^\s*\S*curl(\.exe)?\s(.*\s)?\^""|\^[ \t]*\r?\n", RegexOptions.CultureInvariant)]
    private static partial Regex Caret();

    [GeneratedRegex(@"`[ \t]*\r?\n", RegexOptions.CultureInvariant)]
    private static partial Regex Backtick();

    [GeneratedRegex(
        @"^\s*(\$\w+\s*=\s*[^;\r\n]*[;\r\n]\s*)*(\$\w+\s*=\s*)?(Invoke-(WebRequest|RestMethod)|iwr|irm)\b|^\s*\$\w+\s*=\s*New-Object\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex PowerShell();

    /// <summary>Does not match percent-encoded bytes such as %E4%BD.</summary>
    [GeneratedRegex(@"\G%(?<name>(?![0-9A-Fa-f]{2}[^_%]*%)[A-Za-z_]\w{2,})%", RegexOptions.CultureInvariant)]
    private static partial Regex CmdVariable();

    [GeneratedRegex(@"\G\$(\{env:(?<name>\w+)\}|env:(?<name>\w+))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex PowerShellVariable();
}
