namespace StashAI.Server.Cli.Services;

/// <summary>Which options of curl stand with a value, and which change nothing of what a service is sent.</summary>
internal static class CurlOptions
{
    private const string ShortWithValue = "XHAudFoembxwTCcKErDUPQtyYzh";

    private static readonly HashSet<string> IgnoredWithValue =
    [
        "-o", "--output", "-m", "--max-time", "--connect-timeout", "-w", "--write-out", "-x", "--proxy", "--retry", "--retry-delay", "--retry-max-time",
        "-c", "--cookie-jar", "-D", "--dump-header", "--cacert", "--capath", "--resolve", "--connect-to", "--limit-rate", "--max-redirs", "--output-dir",
        "--stderr", "--trace", "--trace-ascii", "--interface", "-y", "--speed-time", "-Y", "--speed-limit", "--keepalive-time", "--noproxy",
    ];

    private static readonly HashSet<string> Ignored =
    [
        "-s", "--silent", "-S", "--show-error", "-L", "--location", "-k", "--insecure", "-v", "--verbose", "-i", "--include", "--show-headers", "-f", "--fail", "--fail-with-body",
        "-N", "--no-buffer", "-g", "--globoff", "-O", "--remote-name", "-J", "--remote-header-name", "-q", "--disable", "-#", "--progress-bar", "--no-progress-meter",
        "-4", "--ipv4", "-6", "--ipv6", "-0", "--http1.0", "--http1.1", "--http2", "--http2-prior-knowledge", "--http3", "--compressed", "--basic", "--path-as-is", "--raw",
        "--location-trusted", "--tlsv1.2", "--tlsv1.3", "--ssl-no-revoke", "--tcp-nodelay", "--no-keepalive", "--no-sessionid", "-j", "--junk-session-cookies", "--retry-all-errors",
        "--retry-connrefused", "--create-dirs",
    ];

    /// <summary>True for one that may be left out.</summary>
    /// <param name="option">Its name.</param>
    /// <param name="hasValue">Whether the word behind it is its value.</param>
    /// <exception cref="UsageException">Nobody here knows what it would change.</exception>
    public static void Skip(string option, out bool hasValue)
    {
        hasValue = IgnoredWithValue.Contains(option);
        if (!hasValue && !Ignored.Contains(option)) throw new UsageException($"the option {option} is not understood here; leave it out, or write the file by hand.");
    }

    /// <summary>`-XPOST` and `--request=POST` hold their value, and `-sSd` is three options.</summary>
    public static IEnumerable<(string Option, string? Value)> Split(string word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            yield return word.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? (word[..at], word[(at + 1)..]) : (word, null);
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
