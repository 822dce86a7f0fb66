using System.Text.RegularExpressions;

namespace StashAI.Adapters.Visage;

/// <summary>The paths of a Visage service that this adapter may call.</summary>
public static partial class VisagePaths
{
    /// <summary>The path that identifies the faces of a photo.</summary>
    public const string Identify = "/api/predict_1";

    /// <summary>The path that compares two sides.</summary>
    public const string Compare = "/api/compare_faces";

    /// <summary>The path that finds the faces of a video.</summary>
    public const string Video = "/api/video";

    /// <summary>The path of the operation for a client's path; null for other paths of the service, which jobs may not call.</summary>
    public static string? Find(string path) => path == "/" ? Identify : Operation().IsMatch(path) ? path : null;

    /// <summary>
    /// The address of another operation of the service that a client names by one of its operations, mostly that for photos.
    /// </summary>
    /// <param name="upstream">The address that the client gave.</param>
    /// <param name="path">The other operation's path.</param>
    public static Uri Beside(Uri upstream, string path)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        ArgumentNullException.ThrowIfNull(path);
        var given = upstream.AbsolutePath;
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (given.EndsWith($"/{name}", StringComparison.Ordinal)) return upstream;
        if (given == "/") return new Uri($"{upstream.Scheme}://{upstream.Authority}{path}");
        if (!given.EndsWith('/') && !IsOperation(upstream)) return upstream;
        return new Uri($"{upstream.Scheme}://{upstream.Authority}{given[..(given.LastIndexOf('/') + 1)]}{name}");
    }

    /// <summary>True when an address ends with the path of an operation.</summary>
    internal static bool IsOperation(Uri address) => OperationEnd().IsMatch(address.AbsolutePath);

    [GeneratedRegex("^(/api)?/(identify|predict_[0-9]{1,4}|compare_faces|video)$", RegexOptions.CultureInvariant)]
    private static partial Regex Operation();

    [GeneratedRegex("/(identify|predict_[0-9]{1,4}|compare_faces|video)$", RegexOptions.CultureInvariant)]
    private static partial Regex OperationEnd();
}
