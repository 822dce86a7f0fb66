using Microsoft.Net.Http.Headers;

namespace StashAI.Hosting.Answers;

/// <summary>Conditional requests (RFC 9110, 13.1.2).</summary>
public static class EntityTags
{
    /// <summary>
    /// True when the client has this representation already: If-None-Match is <c>*</c> or lists the tag, where <c>W/</c> makes no
    /// difference.
    /// </summary>
    public static bool IsKnown(HttpRequest request, string tag)
    {
        if (!request.Headers.TryGetValue(HeaderNames.IfNoneMatch, out var values)) return false;
        var own = EntityTagHeaderValue.Parse(tag);
        return EntityTagHeaderValue.TryParseList([.. values.OfType<string>()], out var tags)
            && tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(own, useStrongComparison: false));
    }
}
