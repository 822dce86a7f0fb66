using System.Text.RegularExpressions;
using StashAI.Gateway.Upstreams.Import.Shell;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>The headers of a curl command: its own, and those that options add; headers of the connection are left out.</summary>
internal sealed partial class CurlHeaders
{
    private static readonly HashSet<string> ConnectionHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Length", "Expect", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade",
        "Accept-Encoding", "HTTP2-Settings", "Alt-Used", "Proxy-Authorization",
    };

    private static readonly string[] SingleValued = ["Content-Type", "Authorization", "User-Agent", "Host", "Referer", "Accept", "Origin"];

    private readonly List<KeyValuePair<string, string>> headers = [];
    private readonly HashSet<string> removed = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when <c>Name:</c> removes one of curl's own headers, and no other header replaces it.</summary>
    public bool Removes(string name) => removed.Contains(name) && Find(name) is null;

    public bool Has(string name) =>
        removed.Contains(name) || headers.Exists(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    public string? Find(string name) => headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>
    /// Adds a <c>-H</c>: <c>Name: value</c>, <c>Name:</c> to remove one of curl's own headers, <c>Name;</c> for an empty header.
    /// </summary>
    /// <exception cref="ImportException">The text is not a header.</exception>
    public void Add(string text)
    {
        if (text is ['@', ..]) throw new ImportException("-H @FILE reads headers from a file; write them into the command.");
        // A command copied from a browser has HTTP/2 pseudo-headers, which curl ignores.
        if (text is [':', ..]) return;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 && text.EndsWith(';')) Keep(text[..^1].Trim(), "");
        else if (colon < 0) throw new ImportException($"-H needs 'Name: value', not '{text}'.");
        else if (text[(colon + 1)..].Trim() is { Length: > 0 } value) Keep(text[..colon].Trim(), value);
        else Remove(text[..colon].Trim());
    }

    /// <summary>Adds the header of an option; a <c>-H</c> of the same name takes precedence.</summary>
    public void AddUnlessGiven(string name, string value)
    {
        if (!Has(name)) headers.Add(new(name, value));
    }

    /// <summary>
    /// The headers that a declaration must send, without the content type. Headers of the same name are joined with commas.
    /// </summary>
    /// <param name="authority">The authority of the address, which needs no Host header.</param>
    public List<KeyValuePair<string, string>> ToSend(string authority) =>
    [
        .. headers.Where(
            header => !ConnectionHeaders.Contains(header.Key) && !header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
                    && !(header.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase) && header.Value == "*/*")
                    && !(header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)
                        && header.Value.Equals(authority, StringComparison.OrdinalIgnoreCase)))
            .GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => new KeyValuePair<string, string>(
                group.Key,
                string.Join(
                    group.Key.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "; " : ", ", group.Select(header => header.Value)))),
    ];

    private void Remove(string name)
    {
        // curl sends none for 'Host:', and an empty one for 'Host: '.
        if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            throw new ImportException("the header Host is taken away or empty, and each request has one; leave it out.");
        removed.Add(name);
    }

    private void Keep(string name, string value)
    {
        if (ShellVariables.Has(name))
        {
            throw new ImportException(
                $"-H has the shell variable ${ShellVariables.FirstIn(name)} in a header's name; write its value.");
        }

        if (name.Equals("Host", StringComparison.OrdinalIgnoreCase) && !ShellVariables.Has(value) && !Host().IsMatch(value))
        {
            throw new ImportException($"the header Host has '{value}', which is not a host; leave it out.");
        }

        if (SingleValued.Contains(name, StringComparer.OrdinalIgnoreCase) && Find(name) is not null)
        {
            throw new ImportException($"the header {name} appears twice; leave one out.");
        }

        headers.Add(new(name, value));
    }

    [GeneratedRegex(@"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
