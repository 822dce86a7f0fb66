namespace StashAI.Gateway.Wire.Docs;

/// <summary>Why some routes ignore what a query holds, while all others refuse what they do not know. None of them reads a query.</summary>
internal static class FreeQuery
{
    /// <summary>
    /// Browsers add versions and marks of campaigns to the addresses of pages, and scrapers and caches parameters of their own.
    /// </summary>
    public static bool OfPages(HttpRequest request) => true;

    /// <summary>
    /// Monitors and balancers add parameters of their own, such as a time that keeps caches away; a probe that is refused for one would say
    /// that the server is down.
    /// </summary>
    public static bool OfProbes(HttpRequest request) => true;

    /// <summary>Pages put links to pictures into their HTML and add what keeps caches away.</summary>
    public static bool OfPictures(HttpRequest request) => true;
}
