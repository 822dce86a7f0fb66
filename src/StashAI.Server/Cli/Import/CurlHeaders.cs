using System.Text.RegularExpressions;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Import;

/// <summary>The headers of a curl command: its own, what options add to them, and what is left to the connection.</summary>
internal sealed partial class CurlHeaders
{
    private static readonly HashSet<string> Plumbing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Length", "Expect", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Accept-Encoding", "HTTP2-Settings",
        "Alt-Used", "Proxy-Authorization",
    };

    private static readonly string[] Single = ["Content-Type", "Authorization", "User-Agent", "Host", "Referer", "Accept", "Origin"];

    private readonly List<KeyValuePair<string, string>> given = [];
    private readonly HashSet<string> removed = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when `Name:` takes one of curl's own away, and nothing stands in its place.</summary>
    public bool Removes(string name) => removed.Contains(name) && Find(name) is null;

    public bool Has(string name) => removed.Contains(name) || given.Exists(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    public string? Find(string name) => given.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>One of `-H`: `Name: value`, `Name:` to leave one of curl's out, `Name;` for an empty one.</summary>
    /// <exception cref="UsageException">It is no header.</exception>
    public void Add(string text)
    {
        if (text is ['@', ..]) throw new UsageException("-H @FILE reads headers from a file; write them into the command.");
        // A browser's copy has the names of HTTP/2, which curl leaves out.
        if (text is [':', ..]) return;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 && text.EndsWith(';')) Keep(text[..^1].Trim(), "");
        else if (colon < 0) throw new UsageException($"-H needs 'Name: value', not '{text}'.");
        else if (text[(colon + 1)..].Trim() is { Length: > 0 } value) Keep(text[..colon].Trim(), value);
        else removed.Add(text[..colon].Trim());
    }

    /// <summary>One that an option stands for; a `-H` of the same name goes first.</summary>
    public void AddUnlessGiven(string name, string value)
    {
        if (!Has(name)) given.Add(new(name, value));
    }

    /// <summary>What a declaration has to send besides the body's type. Several of one name are one with commas.</summary>
    /// <param name="authority">The address' own, which needs no Host header.</param>
    public List<KeyValuePair<string, string>> Sent(string authority) =>
    [
        .. given.Where(header => !Plumbing.Contains(header.Key) && !header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
                && !(header.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase) && header.Value == "*/*")
                && !(header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase) && header.Value.Equals(authority, StringComparison.OrdinalIgnoreCase)))
            .GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => new KeyValuePair<string, string>(group.Key, string.Join(group.Key.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "; " : ", ", group.Select(header => header.Value)))),
    ];

    private void Keep(string name, string value)
    {
        if (ShellVariables.Has(name)) throw new UsageException($"-H has the shell variable ${ShellVariables.Names(name).First()} in a header's name; write its value.");
        if (name.Equals("Host", StringComparison.OrdinalIgnoreCase) && !ShellVariables.Has(value) && !Host().IsMatch(value)) throw new UsageException($"the header Host has '{value}', which is no host; leave it out.");
        if (Single.Contains(name, StringComparer.OrdinalIgnoreCase) && Find(name) is not null) throw new UsageException($"the header {name} stands there twice; leave one out.");
        given.Add(new(name, value));
    }

    [GeneratedRegex(@"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
