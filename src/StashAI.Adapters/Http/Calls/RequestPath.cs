namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Addresses that are put together. <see cref="Uri"/> resolves `.` and `..` after everything was escaped, also where they are written as
/// `%2E`, and so do many servers: a segment like that leads somewhere else, however it is sent, so it is refused.
/// </summary>
internal static class RequestPath
{
    /// <summary>The address of an instance with a path, and perhaps a query, behind it.</summary>
    /// <exception cref="FormatException">The path leads out of itself.</exception>
    public static string Join(Uri instance, string path)
    {
        if (Refuse(path) is { } reason) throw new FormatException(reason);
        return instance.GetLeftPart(UriPartial.Path).TrimEnd('/') + path;
    }

    /// <summary>The address, with all segments where they were.</summary>
    /// <exception cref="FormatException">It is none, or would not be sent as it is written.</exception>
    public static Uri ToUri(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) throw new FormatException("The address that the service's path and query give is not valid.");
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = address.AsSpan(start).IndexOfAny('?', '#');
        var written = end < 0 ? address.AsSpan(start) : address.AsSpan(start, end);
        // An address without a path gets one.
        return uri.AbsolutePath.AsSpan().Count('/') == Math.Max(1, written.Count('/')) ? uri : throw new FormatException("The path that the service's template gives leads somewhere else.");
    }

    /// <summary>Why a path cannot be sent, or null.</summary>
    public static string? Refuse(string path)
    {
        var end = path.AsSpan().IndexOfAny('?', '#');
        foreach (var segment in (end < 0 ? path : path[..end]).Split('/', '\\'))
        {
            if (segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..")
                return $"The path has the segment '{segment}', which leads to another place than the one declared: '.' and '..' cannot stand alone between slashes.";
        }

        return null;
    }
}
