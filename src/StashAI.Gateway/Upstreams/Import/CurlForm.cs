using System.Text.RegularExpressions;
using StashAI.Gateway.Upstreams.Import.Shell;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Parses a value of <c>-F</c> in curl's syntax: quotes, <c>@</c>, <c>&lt;</c>, <c>;type=</c> and <c>;filename=</c>.</summary>
internal sealed partial class CurlForm
{
    private readonly string option;
    private readonly string text;
    private readonly CurlFiles files;
    private int at;

    private CurlForm(string option, string text, CurlFiles files) => (this.option, this.text, this.files) = (option, text, files);

    /// <exception cref="ImportException">curl would refuse the value, or a declaration cannot express it.</exception>
    public static CurlPart Read(string option, string text, CurlFiles files)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) throw new ImportException($"{option} needs NAME=VALUE, not '{text}'.");
        var name = text[..equals];
        if (name.Length == 0)
        {
            throw new ImportException($"{option} has a part without a name, which a declaration cannot express; write NAME=VALUE.");
        }

        if (ShellVariables.Has(name))
        {
            throw new ImportException(
                $"{option} has the shell variable ${ShellVariables.FirstIn(name)} in a part's name; write its value.");
        }

        if (option == "--form-string") return new CurlPart(name, text[(equals + 1)..], null, null, null);
        return new CurlForm(option, text[(equals + 1)..], files).Part(name);
    }

    /// <summary>The content type that curl derives from a file's name, or null.</summary>
    public static string? TypeOf(string fileName) => Path.GetExtension(fileName).ToLowerInvariant() switch
    {
        ".gif" => "image/gif",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".png" => "image/png",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain",
        ".htm" or ".html" => "text/html",
        ".pdf" => "application/pdf",
        ".xml" => "application/xml",
        _ => null,
    };

    private CurlPart Part(string name)
    {
        var kind = text is ['@' or '<' or '(', ..] ? text[0] : '\0';
        if (kind == '(') throw new ImportException($"{option} {name}={text} opens a nested part, which a declaration cannot express.");
        if (kind != '\0') at++;
        var end = kind == '@' ? ',' : '\0';
        var value = Word(end);
        var (type, fileName) = Options(end);
        if (at < text.Length)
        {
            throw new ImportException(
                $"{option} {name}={text} has several files in one part, which a declaration cannot express; "
                + $"write -F {name}=@FILE for each.");
        }

        if (kind == '\0') return new CurlPart(name, value, null, type ?? (fileName is null ? null : TypeOf(fileName)), fileName);
        var bytes = files.Read(value, $"{option} {name}");
        var path = files.Expand(value);
        // text/plain, derived from a file's name, is the default and left out.
        if (kind == '<')
        {
            return new CurlPart(
                name, CurlFiles.Decode(bytes, $"{option} {name}"), null,
                type ?? (TypeOf(path) is var told and not "text/plain" ? told : null), null);
        }

        var shown = fileName ?? path[(path.LastIndexOf('/') + 1)..];
        return new CurlPart(name, null, bytes, type ?? TypeOf(shown) ?? TypeOf(path) ?? "application/octet-stream", shown);
    }

    private (string? Type, string? FileName) Options(char end)
    {
        var (type, fileName, isType, start) = ((string?)null, (string?)null, false, 0);
        while (at < text.Length && text[at] == ';')
        {
            at++;
            Spaces();
            if (type is null && Begins("type="))
            {
                Spaces();
                start = at;
                type = Rest(end);
                if (!MediaType().IsMatch(type))
                {
                    throw new ImportException($"{option} has the type '{type}', which is not a media type such as image/png.");
                }

                isType = true;
            }
            else if (Begins("filename="))
            {
                Spaces();
                (fileName, isType) = (files.Expand(Word(end)), false);
            }
            else if (Begins("headers=") || Begins("encoder="))
            {
                throw new ImportException(
                    $"{option} gives a part headers or an encoding (;headers=, ;encoder=), which a declaration cannot express.");
            }
            else if (isType)
            {
                // A parameter of the type, such as charset, as written.
                Rest(end);
                type = text[start..at].TrimEnd();
            }
            else
            {
                Word(end);
            }
        }

        return (type is null ? null : files.Expand(type), fileName);
    }

    private string Word(char end)
    {
        Spaces();
        if (at < text.Length && text[at] == '"' && Quoted().Match(text, at) is { Success: true } quoted)
        {
            at += quoted.Length;
            while (at < text.Length && text[at] != ';' && text[at] != end) at++;
            return Escape().Replace(quoted.Groups["text"].Value, "$1");
        }

        return Rest(end);
    }

    private string Rest(char end)
    {
        var start = at;
        while (at < text.Length && text[at] != ';' && (end == '\0' || text[at] != end)) at++;
        return text[start..at].TrimEnd(' ', '\t', '\n', '\v', '\f', '\r');
    }

    private bool Begins(string word)
    {
        if (!text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase)) return false;
        at += word.Length;
        return true;
    }

    private void Spaces()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\v' or '\f' or '\r') at++;
    }

    [GeneratedRegex(@"^[^/ ]+/[^;, \n]+", RegexOptions.CultureInvariant)]
    private static partial Regex MediaType();

    [GeneratedRegex("""\G"(?<text>(?:\\[\\"]|[^"])*)" """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Quoted();

    [GeneratedRegex("""\\([\\"])""", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
