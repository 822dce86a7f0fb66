using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;

namespace StashAI.Hosting.Clients;

/// <summary>
/// Reads the headers in which proxies report their clients. A value that cannot be read means an unknown client, never this machine.
/// </summary>
internal static class ForwardedHeaders
{
    public const string XForwardedFor = "X-Forwarded-For";
    public const string Forwarded = "Forwarded";
    public const string XRealIp = "X-Real-IP";

    private static readonly SearchValues<char> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Each of these headers shows that the request came through a proxy, even if it does not name the client.</summary>
    private static readonly FrozenSet<string> ProxyHeaders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        XForwardedFor, Forwarded, XRealIp, "Via", "X-Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port",
        "X-Forwarded-Server", "X-Forwarded-By", "X-Forwarded-Prefix", "X-Forwarded-Scheme", "X-Forwarded-Ssl", "X-Forwarded-Client-Cert",
        "X-Forwarded-Uri", "X-Forwarded-Method", "X-Original-Forwarded-For", "X-Original-For", "X-Original-Host", "X-Original-URL",
        "X-Originating-IP", "X-Remote-IP", "X-Remote-Addr", "X-Client-IP", "X-ProxyUser-Ip", "X-Cluster-Client-IP",
        "X-Envoy-External-Address", "X-Envoy-Peer-Metadata", "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Appengine-User-IP",
        "CF-Connecting-IP", "CF-Connecting-IPv6", "CF-Ray", "CF-Visitor", "CDN-Loop", "True-Client-IP", "Fastly-Client-IP", "Fly-Client-IP",
        "Client-IP", "Forwarded-For", "Forwarded-For-IP", "X-Http-Forwarded-For", "X-Coming-From", "X-Scheme", "X-Real-Port",
        "Front-End-Https", "Tailscale-User-Login", "Proxy-Connection", "X-Proxy-Id", "Max-Forwards");

    /// <summary>Parts of header names that only proxies and tunnel services write.</summary>
    private static readonly string[] ProxyHeaderParts =
    [
        "Forwarded", "Client-IP", "ClientIP", "Connecting-IP", "Remote-Addr", "X-Envoy-", "X-ARR-", "X-Amz-Cf-", "CloudFront-", "CF-",
        "Akamai-", "X-Akamai-", "X-Vercel-", "X-NF-", "X-Railway-", "X-Varnish", "X-Auth-Request-", "X-Azure-", "Tailscale-",
        "Surrogate-Capability", "Ngrok-",
    ];

    /// <summary>Names that most requests have, and no proxy adds: of these it is known without looking at their parts.</summary>
    private static readonly FrozenSet<string> UsualHeaders = new[]
    {
        "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection", "Content-Encoding",
        "Content-Length", "Content-Type", "Cookie", "Date", "DNT", "Expect", "Host", "Idempotency-Key", "If-None-Match", "Origin",
        "Pragma", "Prefer", "Priority", "Range", "Referer", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site",
        "Sec-WebSocket-Extensions", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "Sec-CH-UA",
        "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform", "traceparent", "Transfer-Encoding", "Upgrade", "User-Agent", "X-API-Key",
        "X-Requested-With",
    }.Where(name => !IsProxyHeader(name)).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Headers that name a client, besides X-Forwarded-For and Forwarded.</summary>
    private static readonly string[] ClientHeaders =
    [
        XRealIp, "X-Original-Forwarded-For", "X-Original-For", "X-Originating-IP", "X-Remote-IP", "X-Remote-Addr", "X-Client-IP",
        "X-ProxyUser-Ip", "X-Cluster-Client-IP", "X-Envoy-External-Address", "X-Azure-ClientIP", "X-Appengine-User-IP", "CF-Connecting-IP",
        "CF-Connecting-IPv6", "True-Client-IP", "Fastly-Client-IP", "Fly-Client-IP", "Client-IP",
    ];

    /// <summary>True when a header shows that the request came through a proxy.</summary>
    public static bool ArePresent(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (!UsualHeaders.Contains(name) && IsProxyHeader(name)) return true;
        }

        return false;
    }

    /// <summary>
    /// The clients that the proxies report, the nearest last; an entry that cannot be read is null. Empty when no header names a client.
    /// Only the first header that is present counts: a proxy sets one of them and passes on what the client wrote into the others.
    /// </summary>
    public static IReadOnlyList<IPAddress?> ReadClients(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(XForwardedFor, out var list)) return [.. Split(list).Select(Parse)];
        if (headers.TryGetValue(Forwarded, out var elements)) return [.. Split(elements).Select(element => Parse(ForParameter(element)))];
        return headers.TryGetValue(XRealIp, out var address) ? [.. Split(address).Select(Parse)] : [];
    }

    /// <summary>
    /// The entries of a list that the last <paramref name="hops"/> proxies wrote, the outermost first; a parameter of <c>Forwarded</c>
    /// where the header is not there.
    /// </summary>
    public static IReadOnlyList<string> ReadWritten(IHeaderDictionary headers, string header, string? parameter, int hops)
    {
        if (headers.TryGetValue(header, out var values)) return [.. Split(values).Select(Unquote).TakeLast(hops)];
        return parameter is not null && headers.TryGetValue(Forwarded, out var elements)
            ? [.. Split(elements).TakeLast(hops).Select(element => Unquote(ReadParameter(element, parameter) ?? ""))]
            : [];
    }

    /// <summary>True when any header names a client that is not on this machine or cannot be read.</summary>
    public static bool NameAnotherMachine(IHeaderDictionary headers)
    {
        foreach (var name in ClientHeaders)
        {
            if (headers.TryGetValue(name, out var values) && Split(values).Any(text => !IsLoopback(Parse(text)))) return true;
        }

        return headers.TryGetValue(XForwardedFor, out var list) && Split(list).Any(text => !IsLoopback(Parse(text)))
            || headers.TryGetValue(Forwarded, out var elements)
                && Split(elements).Any(element => !IsLoopback(Parse(ForParameter(element))));
    }

    /// <summary>
    /// An address as proxies write it: <c>203.0.113.9</c>, <c>203.0.113.9:4711</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]:4711</c>, or one
    /// of these in quotes. Null for anything else, such as <c>unknown</c> or <c>127.1</c>.
    /// </summary>
    public static IPAddress? Parse(string? text)
    {
        var part = (text ?? "").AsSpan().Trim();
        if (part is ['"', .., '"']) part = part[1..^1];
        if (part.StartsWith('['))
        {
            var end = part.IndexOf(']');
            return end > 0 && IsPort(part[(end + 1)..]) ? ParseIPv6(part[1..end]) : null;
        }

        var colon = part.IndexOf(':');
        if (colon >= 0 && part[(colon + 1)..].Contains(':')) return ParseIPv6(part);
        return colon < 0 ? ParseIPv4(part) : IsPort(part[colon..]) ? ParseIPv4(part[..colon]) : null;
    }

    private static IEnumerable<string> Split(StringValues values)
    {
        foreach (var value in values)
        {
            // No address contains a comma, so a comma inside quotes can be split too.
            foreach (var part in (value ?? "").Split(',')) yield return part;
        }
    }

    private static string Unquote(string text) => text.Trim() is ['"', .. var inner, '"'] ? inner : text.Trim();

    private static string? ForParameter(string element) => ReadParameter(element, "for");

    private static string? ReadParameter(string element, string name)
    {
        string? found = null;
        foreach (var pair in element.Split(';'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 && !string.IsNullOrWhiteSpace(pair)) return null;
            if (equals < 0 || !pair.AsSpan(0, equals).Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            if (found is not null) return null;
            found = pair[(equals + 1)..];
        }

        return found;
    }

    /// <summary>Treats underscores as hyphens in parts of names, since some programs write them so.</summary>
    private static bool IsProxyHeader(string name)
    {
        if (ProxyHeaders.Contains(name)) return true;
        var hyphenated = name.Replace('_', '-');
        return Array.Exists(
            ProxyHeaderParts,
            part => part.EndsWith('-')
                ? hyphenated.StartsWith(part, StringComparison.OrdinalIgnoreCase)
                : hyphenated.Contains(part, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.IsEmpty || text[0] == ':' && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>Accepts four decimal numbers only; the framework also accepts 127.1, 0x7f.1 and 0177.0.0.1.</summary>
    private static IPAddress? ParseIPv4(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            var number = text[range];
            if (count == 4 || number.Length > 1 && number[0] == '0'
                || !byte.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[count]))
            {
                return null;
            }

            count++;
        }

        return count == 4 ? new IPAddress(bytes) : null;
    }

    private static IPAddress? ParseIPv6(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(IPv6Characters) || !IPAddress.TryParse(text, out var address)) return null;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
