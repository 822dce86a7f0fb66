using Microsoft.Extensions.Primitives;

namespace StashAI.Hosting.Origins;

/// <summary>What pages of allowed origins may send and read.</summary>
internal static class CrossOriginHeaders
{
    public const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    /// <summary>Headers of our answers that a page may read, besides those that every page may.</summary>
    public const string Exposed =
        "location, retry-after, etag, idempotency-replayed, preference-applied, ratelimit, ratelimit-policy, "
        + "content-disposition, www-authenticate, accept-encoding, allow, content-range, accept-ranges, link";

    private const string Usual =
        "content-type, cache-control, idempotency-key, authorization, x-api-key, x-ai-api-key, stashai-dialect, prefer, "
        + "if-none-match, last-event-id";

    private const int MaxAsked = 50;

    /// <summary>The usual headers and those that the page asks for: its libraries add some of their own.</summary>
    public static string Allowed(StringValues asked)
    {
        var more = asked.SelectMany(list => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(name => name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
            .Select(name => name.ToLowerInvariant())
            .Except(Usual.Split(", "), StringComparer.Ordinal)
            .Take(MaxAsked);
        return string.Join(", ", [Usual, .. more]);
    }
}
