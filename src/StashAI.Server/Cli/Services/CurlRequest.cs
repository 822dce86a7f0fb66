using System.Text;

namespace StashAI.Server.Cli.Services;

/// <summary>What a curl command would send.</summary>
internal sealed record CurlRequest
{
    public required Uri Url { get; init; }

    public required string Method { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Parts of a form with files: their texts, `@FILE` for a file.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Parts { get; init; }

    /// <summary>The body as text, `@FILE` for a file; null for none.</summary>
    public required string? Body { get; init; }

    public string? ContentType => Headers.LastOrDefault(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Reads a command line as a shell and curl would.</summary>
    /// <exception cref="UsageException">It is no curl command that this understands.</exception>
    public static CurlRequest Parse(string command)
    {
        var words = Words(command);
        if (words.Count == 0 || words[0] != "curl") throw new UsageException("give a curl command, such as 'curl http://127.0.0.1:5000/translate -d q=hello'.");
        var (headers, parts, data) = (new List<KeyValuePair<string, string>>(), new List<KeyValuePair<string, string>>(), new List<string>());
        var (method, url, isGet, isJson) = ((string?)null, (string?)null, false, false);
        for (var i = 1; i < words.Count; i++)
        {
            var (option, value) = Split(words[i]);
            switch (option)
            {
                case "-X" or "--request": method = Value(); break;
                case "-H" or "--header": headers.Add(Header(Value())); break;
                case "-A" or "--user-agent": headers.Add(new("User-Agent", Value())); break;
                case "-u" or "--user": headers.Add(new("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Value())))); break;
                case "-d" or "--data" or "--data-raw" or "--data-ascii" or "--data-binary": data.Add(Value()); break;
                case "--data-urlencode": data.Add(UrlEncoded(Value())); break;
                case "--json": data.Add(Value()); isJson = true; break;
                case "-F" or "--form" or "--form-string": parts.Add(Pair(Value(), '=')); break;
                case "-G" or "--get": isGet = true; break;
                case "--url": url = Value(); break;
                case "-o" or "--output" or "-m" or "--max-time" or "--connect-timeout" or "-w" or "--write-out" or "-x" or "--proxy" or "--retry" or "-b" or "--cookie": Value(); break;
                case ['-', ..]: break;
                default: url = words[i]; break;
            }

            string Value() => value ?? (++i < words.Count ? words[i] : throw new UsageException($"{option} needs a value."));
        }

        if (url is null) throw new UsageException("the curl command has no URL.");
        if (!url.Contains("://", StringComparison.Ordinal)) url = "http://" + url;
        if (isGet && data.Count > 0) url += (url.Contains('?', StringComparison.Ordinal) ? "&" : "?") + string.Join('&', data);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) throw new UsageException($"'{url}' is not an http or https URL.");
        if (isJson) headers.Add(new("Content-Type", "application/json"));
        var body = isGet || data.Count == 0 ? null : string.Join('&', data);
        return new CurlRequest { Url = address, Method = method ?? (body is not null || parts.Count > 0 ? "POST" : "GET"), Headers = headers, Parts = parts, Body = body };
    }

    public static KeyValuePair<string, string> Pair(string text, char separator)
    {
        var at = text.IndexOf(separator);
        return at < 0 ? new(text, "") : new(text[..at].Trim(), text[(at + 1)..].Trim());
    }

    private static KeyValuePair<string, string> Header(string text) => Pair(text, ':');

    private static string UrlEncoded(string text)
    {
        var (name, value) = Pair(text, '=');
        return $"{name}={Uri.EscapeDataString(value)}";
    }

    /// <summary>`-XPOST` and `--request=POST` hold their value.</summary>
    private static (string Option, string? Value) Split(string word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
            return word.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? (word[..at], word[(at + 1)..]) : (word, null);
        return word is ['-', 'X' or 'H' or 'd' or 'F' or 'u' or 'A' or 'm' or 'o', _, ..] ? (word[..2], word[2..]) : (word, null);
    }

    /// <summary>The words of a POSIX shell's line; nothing in it is run or expanded.</summary>
    private static List<string> Words(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isWord, quote) = (false, '\0');
        for (var i = 0; i < command.Length; i++)
        {
            var one = command[i];
            if (quote == '\'')
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
                (quote, isWord) = (one, true);
            }
            else if (!char.IsWhiteSpace(one))
            {
                (isWord, _) = (true, word.Append(one));
            }
            else if (isWord)
            {
                words.Add(word.ToString());
                (isWord, _) = (false, word.Clear());
            }
        }

        if (quote != '\0') throw new UsageException("a quote in the curl command is not closed.");
        if (isWord) words.Add(word.ToString());
        return words;
    }
}
