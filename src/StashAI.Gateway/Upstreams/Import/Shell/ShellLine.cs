using System.Text;
using System.Text.RegularExpressions;

namespace StashAI.Gateway.Upstreams.Import.Shell;

/// <summary>
/// Reads the first curl command of a text for a POSIX shell, with <c>$'...'</c> as copied from browsers. It runs nothing: variables become
/// marks, and features that need a shell are refused by name.
/// </summary>
internal sealed partial class ShellLine(string command)
{
    private readonly string text = WithoutPrompts(command);
    private readonly List<string> words = [];
    private readonly Dictionary<string, string> assigned = [];
    private readonly StringBuilder word = new();

    // The word with an x for every quoted character, to find unquoted characters with a meaning to the shell.
    private readonly StringBuilder shape = new();
    private int at;
    private bool isWord;
    private string? redirect;
    private string? input;
    private string? inputFile;
    private (string Delimiter, bool IsQuoted)? document;

    /// <exception cref="ImportException">A quote is not closed, or the line needs a shell.</exception>
    public ShellCommand Read()
    {
        while (at < text.Length && !Next())
        {
        }

        EndWord();
        if (document is { } open) throw new ImportException($"the here document is not closed by {open.Delimiter}.");
        return new ShellCommand(words, input, inputFile);
    }

    /// <summary>Reads a character or a quoted text; true at the end of the command.</summary>
    private bool Next()
    {
        var one = text[at++];
        switch (one)
        {
            case '\'':
                Append(UpTo('\'', "single"));
                return false;
            case '"':
                DoubleQuoted('"');
                return false;
            case '\\':
                Backslash();
                return false;
            case '$' when at < text.Length && text[at] == '\'':
                at++;
                Append(AnsiText.Read(text, ref at));
                return false;
            case '$' when at < text.Length && text[at] == '"':
                at++;
                DoubleQuoted('"');
                return false;
            case '$':
                Variable();
                return false;
            case '`':
                throw Substitution();
            case '#' when !isWord:
                at = text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;
                return false;
            case '~' when !isWord && (at == text.Length || text[at] is '/' || char.IsWhiteSpace(text[at])):
                Append(ShellVariables.Mark("HOME", null));
                return false;
            case ' ' or '\t' or '\r':
                EndWord();
                return false;
            case '\n' or ';' or '|' or '&':
                return End(one);
            case '<' or '>':
                Redirect(one);
                return false;
            case '(' or ')':
                throw new ImportException($"there is an unquoted '{one}', which has a meaning to a shell; put the text in quotes.");
            default:
                (isWord, _, _) = (true, word.Append(one), shape.Append(one));
                return false;
        }
    }

    /// <summary>
    /// Handles an operator that ends a command. Assignments before the curl command are used; text after it belongs to another command.
    /// </summary>
    private bool End(char one)
    {
        if (one == '&' && at < text.Length && text[at] == '>')
        {
            at++;
            Redirect('>');
            return false;
        }

        EndWord();
        var rest = text[at..].TrimStart('&', '|', ' ', '\t', '\r', '\n');
        if (document is { } open) rest = ReadDocument(open, one == '\n');
        if (words.Count == 0) return false;
        if (one is '\n' or ';' && words.SkipWhile(name => name == "export").All(name => Assignment().IsMatch(name)))
        {
            foreach (var pair in words.Where(name => name != "export").Select(name => name.Split('=', 2))) assigned[pair[0]] = pair[1];
            words.Clear();
            return false;
        }

        if (one == '&' && at < text.Length && text[at] != '&' && !char.IsWhiteSpace(text[at]))
        {
            throw new ImportException(
                "there is an unquoted '&', which ends the command in a shell; put the address or the text in quotes.");
        }

        if (one == '\n' && rest.StartsWith('-'))
        {
            throw new ImportException(@"a line ends without \, so a shell ends the command there, before the next option.");
        }

        if (words.Exists(word => Curl().IsMatch(word + " ")) && Curl().IsMatch(rest))
        {
            throw new ImportException("there are several curl commands; import them one by one.");
        }

        return true;
    }

    private void Append(string quoted) => (isWord, _, _) = (true, word.Append(quoted), shape.Append('x', quoted.Length));

    private string UpTo(char quote, string kind)
    {
        var end = text.IndexOf(quote, at);
        if (end < 0) throw new ImportException($"a {kind} quote in the curl command is not closed.");
        var inner = text[at..end];
        at = end + 1;
        return inner;
    }

    private void DoubleQuoted(char? quote)
    {
        Append("");
        while (at < text.Length)
        {
            var one = text[at++];
            if (one == quote) return;
            if (one == '\\' && at < text.Length && (text[at] is '$' or '`' or '\\' or '\n' || text[at] == quote))
            {
                if (text[at++] is var next && next != '\n') Append(next.ToString());
            }
            else if (one == '\\' && at + 1 < text.Length && text[at] == '\r' && text[at + 1] == '\n')
            {
                at += 2;
            }
            else if (one == '$')
            {
                Variable();
            }
            else if (one == '`')
            {
                throw Substitution();
            }
            else
            {
                Append(one.ToString());
            }
        }

        if (quote is not null) throw new ImportException("a double quote in the curl command is not closed.");
    }

    private void Backslash()
    {
        if (at == text.Length) return;
        if (LineEnd().Match(text, at) is { Success: true } match && match.Index == at)
        {
            if (match.Value.TrimEnd('\r', '\n').Length > 0)
            {
                throw new ImportException(@"there is a space after the \ at the end of a line, so the command ends there; remove it.");
            }

            at += match.Length;
            return;
        }

        Append(text[at++].ToString());
    }

    private void Variable()
    {
        var match = Reference().Match(text, at);
        if (match.Success && match.Index == at)
        {
            at += match.Length;
            var name = match.Groups["name"].Value;
            Append(assigned.TryGetValue(name, out var value)
                ? value
                : ShellVariables.Mark(name, match.Groups["default"] is { Success: true, Value: var fallback } ? fallback : null));
            return;
        }

        if (at < text.Length && text[at] is '{' or '(')
        {
            throw text[at] == '('
                ? Substitution()
                : new ImportException(
                    $"the expansion ${text[at..Math.Min(text.Length, at + 20)].Split('}')[0]}}} is not understood; "
                    + "write ${NAME} or the value.");
        }

        if (at < text.Length && (char.IsAsciiDigit(text[at]) || "@*#?!-$".Contains(text[at], StringComparison.Ordinal)))
        {
            throw new ImportException(
                $"the shell variable ${text[at]} has a value only where the command runs; "
                + "write its value, or put the text in single quotes.");
        }

        Append("$");
    }

    private void Redirect(char one)
    {
        // A number directly before it is the descriptor, not a word.
        if (isWord && shape.ToString().All(char.IsAsciiDigit)) (isWord, _, _) = (false, word.Clear(), shape.Clear());
        EndWord();
        var start = at - 1;
        while (at < text.Length && (text[at] == one || text[at] is '&' or '|')) at++;
        redirect = text[start..at];
        if (redirect == "<<" && at < text.Length && text[at] == '-') at++;
    }

    private void EndWord()
    {
        if (!isWord) return;
        var (read, drawn) = (word.ToString(), shape.ToString());
        (isWord, _, _) = (false, word.Clear(), shape.Clear());
        if (redirect is { } kind)
        {
            redirect = null;
            if (kind == "<") inputFile = read;
            else if (kind == "<<<") input = read + "\n";
            else if (kind == "<<") document = (read, drawn.Contains('x', StringComparison.Ordinal) && drawn != read);
            return;
        }

        if (Braces().IsMatch(drawn))
        {
            throw new ImportException(
                $"there are unquoted braces in '{read}', which a shell expands to several words; put the text in quotes.");
        }

        words.Add(read);
    }

    /// <summary>Reads the lines of a here document.</summary>
    /// <returns>The remaining text after the command.</returns>
    private string ReadDocument((string Delimiter, bool IsQuoted) open, bool isLineEnd)
    {
        var lines = new StringBuilder();
        var begin = isLineEnd ? at : text.IndexOf('\n', at) + 1;
        if (begin == 0) throw new ImportException($"the here document is not closed by {open.Delimiter}.");
        var rest = text[at..begin];
        at = begin;
        while (true)
        {
            if (at >= text.Length) throw new ImportException($"the here document is not closed by {open.Delimiter}.");
            var end = text.IndexOf('\n', at) is var found and >= 0 ? found : text.Length;
            var line = text[at..end].TrimEnd('\r');
            at = Math.Min(text.Length, end + 1);
            if (line == open.Delimiter) break;
            lines.Append(line).Append('\n');
        }

        document = null;
        input = lines.ToString();
        rest += text[at..];
        if (open.IsQuoted) return rest;
        var inner = new ShellLine(input);
        inner.DoubleQuoted(null);
        input = inner.word.ToString();
        return rest;
    }

    private static ImportException Substitution() =>
        new("the command runs another command (`...` or $(...)), which is not supported; write its output instead.");

    /// <summary>Removes the prompts of a terminal.</summary>
    private static string WithoutPrompts(string text) => Continued().Replace(Prompt().Replace(text, ""), "\\\n");

    [GeneratedRegex(
        @"\G(?:\{(?<name>[A-Za-z_]\w*)(?::-(?<default>[^}$`""'\\]*))?\}|(?<name>[A-Za-z_]\w*))",
        RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\s*(?:[\w.-]+@[^\s$#]*[$#]|[$%>#])\s+(?=\S*curl)", RegexOptions.CultureInvariant)]
    private static partial Regex Prompt();

    [GeneratedRegex(@"\\\r?\n> ", RegexOptions.CultureInvariant)]
    private static partial Regex Continued();

    [GeneratedRegex(@"\G[ \t]*\r?\n", RegexOptions.CultureInvariant)]
    private static partial Regex LineEnd();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*=", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(^|[\s;&|/])curl(\.exe)?\s", RegexOptions.CultureInvariant)]
    private static partial Regex Curl();

    [GeneratedRegex(@"\{[^{}]*(,|\.\.)[^{}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Braces();
}
