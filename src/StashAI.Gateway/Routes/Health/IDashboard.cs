namespace StashAI.Gateway.Routes.Health;

/// <summary>The pages for browsers, which <c>/</c> shows besides its status.</summary>
internal interface IDashboard
{
    /// <summary>False if the program was built without npm; a page then says how to get the dashboard.</summary>
    bool IsBuilt { get; }

    /// <summary>True for a request that asks for a page: its Accept names <c>text/html</c>, and no other type before it.</summary>
    bool IsWanted(HttpRequest request);

    Task WriteAsync(HttpContext context);
}
