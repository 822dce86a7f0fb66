namespace StashAI.Hosting.Clients;

/// <summary>The path below which a proxy publishes a program, such as <c>/stashai</c>; empty for none.</summary>
/// <param name="Path">It begins with a slash and does not end with one.</param>
public sealed record BasePath(PathString Path)
{
    public const string Setting = "BASE_PATH";

    /// <summary>What the setting takes, for error messages.</summary>
    public const string Form = "the path below which a proxy publishes this server, such as /stashai; "
        + "it cannot begin with a path of the server itself, such as /api";

    private const int MaxLength = 200;

    /// <summary>First segments of the program's own paths, which a proxy in front may have left alone.</summary>
    private static readonly string[] Own = ["/api", "/ws", "/health", "/metrics", "/docs", "/demo", "/openapi", "/openapi.json"];

    public static BasePath None { get; } = new(PathString.Empty);

    public bool IsEmpty => !Path.HasValue;

    /// <summary>Reads the setting; null when it is not valid.</summary>
    public static BasePath? Parse(string text) =>
        TryParse(text.Trim().TrimEnd('/')) is { } path && !Array.Exists(Own, own => path.Path.StartsWithSegments(own)) ? path : null;

    /// <summary>
    /// Reads a path: letters, digits and <c>-._~@+</c> between slashes. Null for another text; the empty path for an empty one.
    /// </summary>
    public static BasePath? TryParse(string text)
    {
        if (text.Length == 0) return None;
        if (text.Length > MaxLength || text[0] != '/') return null;
        foreach (var segment in text[1..].Split('/'))
        {
            if (segment is "" or "." or ".." || !segment.All(character => char.IsAsciiLetterOrDigit(character)
                || "-._~@+".Contains(character, StringComparison.Ordinal)))
            {
                return null;
            }
        }

        return new BasePath(new PathString(text));
    }

    /// <summary>Moves the path from the request's Path to its PathBase. A proxy that took it off already is right too.</summary>
    public void Apply(HttpRequest request)
    {
        request.PathBase = Path;
        if (request.Path.StartsWithSegments(Path, out var rest) && !Array.Exists(Own, own => Path.StartsWithSegments(own)))
            request.Path = rest.HasValue ? rest : new PathString("/");
    }
}
