namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Builds request addresses safely. <see cref="Uri"/> and many servers resolve the segments <c>.</c> and <c>..</c> even if they are escaped
/// as <c>%2E</c>. Such a segment leads to another path however it is sent, so it is refused.
/// </summary>
internal static class RequestPath
{
    /// <summary>Appends a path, possibly with a query, to the address of an instance.</summary>
    /// <exception cref="FormatException">The path contains a segment <c>.</c> or <c>..</c>.</exception>
    public static string Join(Uri instance, string path)
    {
        if (ReasonToRefuse(path) is { } reason) throw new FormatException(reason);
        return instance.GetLeftPart(UriPartial.Path).TrimEnd('/') + path;
    }

    /// <summary>
    /// Appends the query of an instance's address, with or without its question mark, to an address that may have a query already.
    /// </summary>
    public static string AddQuery(string address, string query)
    {
        var text = query.AsSpan().TrimStart('?');
        return text.IsEmpty ? address : $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{text}";
    }

    /// <summary>Parses an address and checks that no segment was resolved away.</summary>
    /// <exception cref="FormatException">The text is not an address, or its path would change when it is sent.</exception>
    public static Uri ToUri(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            throw new FormatException("The address built from the service's path and query is not valid.");
        }

        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = address.AsSpan(start).IndexOfAny('?', '#');
        var written = end < 0 ? address.AsSpan(start) : address.AsSpan(start, end);
        // Uri adds a slash to an address without a path.
        return uri.AbsolutePath.AsSpan().Count('/') == Math.Max(1, written.Count('/'))
            ? uri
            : throw new FormatException("The path that the service's template gives leads to another path than the one declared.");
    }

    /// <summary>Why a path cannot be sent; null when it can.</summary>
    public static string? ReasonToRefuse(string path)
    {
        var end = path.AsSpan().IndexOfAny('?', '#');
        foreach (var segment in (end < 0 ? path : path[..end]).Split('/', '\\'))
        {
            if (segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..")
            {
                return $"The path has the segment '{segment}', which leads to another path than the one declared: "
                    + "remove the segments '.' and '..'.";
            }
        }

        return null;
    }

    /// <summary>
    /// True when a rendered path has an empty segment that its template does not have. Servers treat <c>/a//b</c> as <c>/a/b</c>, and
    /// <c>/a/</c> as the list of everything in <c>/a</c>.
    /// </summary>
    public static bool AddsEmptySegment(string template, string path)
    {
        var (declared, rendered) = (WithoutQuery(template), WithoutQuery(path));
        return (rendered.Contains("//", StringComparison.Ordinal) && !declared.Contains("//", StringComparison.Ordinal))
            || (rendered.EndsWith('/') && declared.EndsWith("}}", StringComparison.Ordinal));
    }

    private static string WithoutQuery(string path) => path.AsSpan().IndexOfAny('?', '#') is var end and >= 0 ? path[..end] : path;
}
