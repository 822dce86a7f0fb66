using System.Text.RegularExpressions;
using StashAI.Gateway.Upstreams.Import.Shell;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>An address as parsed by curl; shell variables in it are marks.</summary>
/// <param name="Base">Scheme and authority, or a variable in their place.</param>
/// <param name="Path">The path as sent, beginning with a slash, or empty after a variable.</param>
/// <param name="Query">The query as sent; null for none.</param>
/// <param name="User"><c>user:password</c> of the address, decoded; null for none.</param>
internal sealed partial record CurlAddress(string Base, string Path, string? Query, string? User)
{
    /// <exception cref="ImportException">curl would refuse the address, or would call several.</exception>
    public static CurlAddress Read(string text, bool isGlob, bool isAsIs)
    {
        var match = Form().Match(text);
        if (!match.Success) throw new ImportException($"'{Shown(text)}' is not an http or https URL.");
        var (authority, path) = (match.Groups["authority"].Value, match.Groups["path"].Value);
        var query = match.Groups["query"] is { Success: true, Value: var given } ? given : null;
        var scheme = match.Groups["scheme"] is { Success: true, Value: var said } ? said.ToLowerInvariant() : null;
        if (scheme is not (null or "http" or "https")) throw new ImportException($"'{Shown(text)}' is not an http or https URL.");
        var rest = path + "?" + query;
        if (rest.Any(one => one <= ' ' || one == '\u007F'))
        {
            throw new ImportException(
                "the address has a space or a line break, which curl refuses; write %20, or use -G with --data-urlencode.");
        }

        if (isGlob && (rest.AsSpan().IndexOfAny("[]{}") >= 0 || authority.AsSpan().IndexOfAny("{}") >= 0))
        {
            throw new ImportException(
                "the address has [ ] or { }, for which curl makes several calls; write one address, or add -g to use them literally.");
        }

        string? user = null;
        if (authority.LastIndexOf('@') is var at and >= 0) (user, authority) = (authority[..at], authority[(at + 1)..]);
        if (authority.Length == 0) throw new ImportException("the curl command has no host in its URL.");
        // A variable may contain the scheme.
        var isOpen = scheme is null && ShellVariables.Has(authority) && authority[0] == '\uFDD0';
        if (path.Length == 0 && !isOpen) path = "/";
        return new CurlAddress(
            isOpen ? authority : $"{scheme ?? "http"}://{authority}", isAsIs ? path : WithoutDots(path), query,
            user is null ? null : Uri.UnescapeDataString(user));
    }

    public CurlAddress WithQuery(string more) => this with { Query = Query is { Length: > 0 } ? $"{Query}&{more}" : more };

    /// <summary>The address for messages: without the query and user, which may hold keys, and with the names of variables.</summary>
    public static string Shown(string text)
    {
        var begin = text.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0;
        var at = text.IndexOf('@', begin);
        return ShellVariables.Replace((at < 0 ? text : text[..begin] + text[(at + 1)..]).Split('?')[0], (name, _) => "$" + name);
    }

    /// <summary>Removes <c>.</c> and <c>..</c>, as curl does before it sends an address.</summary>
    private static string WithoutDots(string path)
    {
        var segments = new List<string>();
        var parts = path.Split('/');
        for (var i = 1; i < parts.Length; i++)
        {
            if (parts[i] == ".." && segments.Count > 0) segments.RemoveAt(segments.Count - 1);
            if (parts[i] is not ("." or "..")) segments.Add(parts[i]);
            else if (i == parts.Length - 1) segments.Add("");
        }

        return path.Length == 0 ? path : "/" + string.Join('/', segments);
    }

    [GeneratedRegex(
        @"^(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):/{1,3})?(?<authority>[^/?#]*)(?<path>/[^?#]*)?(?:\?(?<query>[^#]*))?(?:#.*)?$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Form();
}
