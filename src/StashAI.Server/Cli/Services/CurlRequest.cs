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
        var words = ShellLine.Words(command);
        if (words.Count == 0 || words[0] != "curl") throw new UsageException("give a curl command, such as 'curl http://127.0.0.1:5000/translate -d q=hello'.");
        var (headers, parts, data) = (new List<KeyValuePair<string, string>>(), new List<KeyValuePair<string, string>>(), new List<string>());
        var (method, url, isGet, isJson) = ((string?)null, (string?)null, false, false);
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] is not ['-', _, ..])
            {
                Address(words[i]);
                continue;
            }

            foreach (var (option, value) in CurlOptions.Split(words[i]))
            {
                switch (option)
                {
                    case "-X" or "--request": method = Value().ToUpperInvariant(); break;
                    case "-H" or "--header": headers.Add(Header(Value())); break;
                    case "-A" or "--user-agent": headers.Add(new("User-Agent", Value())); break;
                    case "-e" or "--referer": headers.Add(new("Referer", Value())); break;
                    case "-u" or "--user": headers.Add(Basic(Value())); break;
                    case "--oauth2-bearer": headers.Add(new("Authorization", "Bearer " + Value())); break;
                    // Without a pair it would be a file of cookies.
                    case "-b" or "--cookie": if (Value() is var cookie && cookie.Contains('=', StringComparison.Ordinal)) headers.Add(new("Cookie", cookie)); break;
                    case "-d" or "--data" or "--data-raw" or "--data-ascii" or "--data-binary": data.Add(Value()); break;
                    case "--data-urlencode": data.Add(UrlEncoded(Value())); break;
                    case "--json": data.Add(Value()); isJson = true; break;
                    case "-F" or "--form" or "--form-string": parts.Add(Pair(Value(), '=')); break;
                    case "-G" or "--get": isGet = true; break;
                    case "--url": Address(Value()); break;
                    default:
                        CurlOptions.Skip(option, out var hasValue);
                        if (hasValue) Value();
                        break;
                }

                string Value() => value ?? (++i < words.Count ? words[i] : throw new UsageException($"{option} needs a value."));
            }
        }

        if (url is null) throw new UsageException("the curl command has no URL.");
        if (!url.Contains("://", StringComparison.Ordinal)) url = "http://" + url;
        if (isGet && data.Count > 0) url += (url.Contains('?', StringComparison.Ordinal) ? "&" : "?") + string.Join('&', data);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) throw new UsageException($"'{Shown(url)}' is not an http or https URL.");
        if (address.UserInfo.Length > 0)
        {
            headers.Add(Basic(Uri.UnescapeDataString(address.UserInfo)));
            address = new UriBuilder(address) { UserName = "", Password = "" }.Uri;
        }

        if (isJson) headers.Add(new("Content-Type", "application/json"));
        var body = isGet || data.Count == 0 ? null : string.Join('&', data);
        return new CurlRequest { Url = address, Method = method ?? (body is not null || parts.Count > 0 ? "POST" : "GET"), Headers = headers, Parts = parts, Body = body };

        void Address(string word) => url = url is null ? word : throw new UsageException($"the command has two addresses, '{Shown(url)}' and '{Shown(word)}'; is a quote missing?");
    }

    /// <summary>Without a query and what stands before an @: keys stand there.</summary>
    private static string Shown(string url)
    {
        var begin = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var at = url.IndexOf('@', StringComparison.Ordinal);
        return (begin > 2 && at > begin ? url[..begin] + url[(at + 1)..] : url).Split('?')[0];
    }

    public static KeyValuePair<string, string> Pair(string text, char separator)
    {
        var at = text.IndexOf(separator);
        return at < 0 ? new(text, "") : new(text[..at], text[(at + 1)..]);
    }

    private static KeyValuePair<string, string> Header(string text)
    {
        var (name, value) = Pair(text, ':');
        return new(name.Trim(), value.Trim());
    }

    private static KeyValuePair<string, string> Basic(string user) => new("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));

    private static string UrlEncoded(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal)) return Uri.EscapeDataString(text);
        var (name, value) = Pair(text, '=');
        return name.Length == 0 ? Uri.EscapeDataString(value) : $"{name}={Uri.EscapeDataString(value)}";
    }
}
