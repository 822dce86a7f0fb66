using StashAI.Gateway.Upstreams.Import.Shell;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Which options of curl take a value, and which do not change the request.</summary>
internal static class CurlOptions
{
    private const string ShortWithValue = "XHAudFoembxwTCcKErDUPQtyYzh";

    private static readonly HashSet<string> IgnoredWithValue =
    [
        "-o", "--output", "-m", "--max-time", "--connect-timeout", "-w", "--write-out", "--retry", "--retry-delay",
        "--retry-max-time", "-c", "--cookie-jar", "-D", "--dump-header", "--cacert", "--capath", "--limit-rate", "--max-redirs",
        "--output-dir", "--ciphers", "--tls13-ciphers", "--curves", "--stderr", "--trace", "--trace-ascii", "--interface", "-y",
        "--speed-time", "-Y", "--speed-limit", "--keepalive-time", "--noproxy", "--max-filesize", "--expect100-timeout", "--tls-max",
        "--happy-eyeballs-timeout-ms", "--dns-servers", "--rate", "--proxy-header", "-U", "--proxy-user",
    ];

    private static readonly HashSet<string> Ignored =
    [
        "-s", "--silent", "-S", "--show-error", "-L", "--location", "-k", "--insecure", "-v", "--verbose", "-i", "--include",
        "--show-headers", "-f", "--fail", "--fail-with-body", "-N", "--no-buffer", "-O", "--remote-name", "-J", "--remote-header-name",
        "-q", "--disable", "-#", "--progress-bar", "--no-progress-meter", "-4", "--ipv4", "-6", "--ipv6", "--http1.1",
        "--http2", "--http3", "--compressed", "--basic", "--raw", "--location-trusted", "-1", "--tlsv1",
        "--tlsv1.0", "--tlsv1.1", "--tlsv1.2", "--tlsv1.3", "--ssl-no-revoke", "--tcp-nodelay", "--no-keepalive", "--no-sessionid", "-j",
        "--junk-session-cookies", "--retry-all-errors", "--retry-connrefused", "--create-dirs", "--no-compressed", "--post301", "--post302",
        "--post303", "--ssl", "--ssl-reqd", "--ssl-revoke-best-effort", "--ca-native", "--styled-output", "--no-styled-output",
        "--tcp-fastopen", "--no-alpn", "--no-npn", "--trace-time", "--no-location", "--no-silent", "--no-verbose", "--http0.9",
        "--disallow-username-in-url", "--remove-on-error", "--no-fail", "--no-include",
    ];

    private static readonly Dictionary<string, string> Refused = new()
    {
        ["-I"] = "-I asks for headers only, which have no result; leave it out",
        ["--head"] = "--head asks for headers only, which have no result; leave it out",
        ["--next"] = "--next begins another call; import them one by one",
        ["-:"] = "-: begins another call; import them one by one",
        ["-K"] = "-K reads more options from a file; write them into the command",
        ["--config"] = "--config reads more options from a file; write them into the command",
        ["--resolve"] = "--resolve sends the call to another address than its URL says; write that address as the URL, with -H 'Host: ...'",
        ["--connect-to"] = "--connect-to sends the call to another address than its URL says; "
            + "write that address as the URL, with -H 'Host: ...'",
        ["-x"] = "-x sends the call through a proxy, which a declaration cannot; "
            + "write the address of the service itself, or that of the proxy",
        ["--proxy"] = "--proxy sends the call through a proxy, which a declaration cannot; "
            + "write the address of the service itself, or that of the proxy",
        ["-0"] = "-0 sends HTTP/1.0, which a declaration cannot; leave it out",
        ["--http1.0"] = "--http1.0 sends HTTP/1.0, which a declaration cannot; leave it out",
        ["--http2-prior-knowledge"] = "--http2-prior-knowledge sends HTTP/2 without asking, which a declaration cannot; leave it out",
        ["--unix-socket"] = "--unix-socket calls a service that has no address; let it listen on a port",
    };

    /// <summary>Checks that an option may be ignored.</summary>
    /// <param name="hasValue">Whether the next word is its value.</param>
    /// <exception cref="ImportException">The option may change the request.</exception>
    public static void Skip(string option, out bool hasValue)
    {
        hasValue = IgnoredWithValue.Contains(option);
        if (hasValue || Ignored.Contains(option)) return;
        throw new ImportException(Refused.TryGetValue(option, out var reason)
            ? $"the option {reason}."
            : $"the option {option} is not supported; leave it out, or write the file by hand.");
    }

    /// <summary>Splits combined options: <c>-XPOST</c> includes its value, and <c>-sSd</c> is three options.</summary>
    /// <exception cref="ImportException"><c>--request=POST</c> is not an option of curl.</exception>
    public static IEnumerable<(string Option, string? Value)> Split(string word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            if (word.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
            {
                throw new ImportException(
                    $"curl has no option {word[..(at + 1)]}...; write {word[..at]} and its value, separated by a space.");
            }

            yield return (word, null);
            yield break;
        }

        for (var i = 1; i < word.Length; i++)
        {
            var hasValue = ShortWithValue.Contains(word[i], StringComparison.Ordinal) && i + 1 < word.Length;
            yield return ("-" + word[i], hasValue ? word[(i + 1)..] : null);
            if (hasValue) yield break;
        }
    }
}
