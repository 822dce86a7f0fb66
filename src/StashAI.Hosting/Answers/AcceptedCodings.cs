using Microsoft.Net.Http.Headers;

namespace StashAI.Hosting.Answers;

/// <summary>Content codings that a client takes (RFC 9110, 12.5.3).</summary>
public static class AcceptedCodings
{
    /// <summary>True if Accept-Encoding names the coding, or <c>*</c>, with a quality above zero.</summary>
    public static bool Includes(HttpRequest request, string coding)
    {
        if (!request.Headers.TryGetValue(HeaderNames.AcceptEncoding, out var values)
            || !StringWithQualityHeaderValue.TryParseList([.. values.OfType<string>()], out var accepted))
        {
            return false;
        }

        var named = accepted.FirstOrDefault(one => one.Value.Equals(coding, StringComparison.OrdinalIgnoreCase))
            ?? accepted.FirstOrDefault(one => one.Value == "*");
        return named is { Quality: null or > 0 };
    }
}
