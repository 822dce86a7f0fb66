using System.Collections.Concurrent;

namespace StashAI.Hosting.Origins;

/// <summary>
/// Says once for each origin whose pages were refused how to allow it: the page itself only sees that its request failed. Pages choose
/// their origins, so it stops after a thousand.
/// </summary>
public sealed partial class RefusedOrigins(HostOriginRules rules, ILogger<RefusedOrigins> logger)
{
    private const int MaxOrigins = 1000;
    private const int MaxLength = 300;

    private readonly ConcurrentDictionary<string, bool> told = new(StringComparer.Ordinal);

    /// <param name="origin">The Origin header as it was sent.</param>
    /// <param name="isOrigin">False for <c>null</c> and for what is no origin: no setting allows these.</param>
    public void Tell(string origin, bool isOrigin)
    {
        var text = origin.Length > MaxLength ? origin[..MaxLength] : origin;
        if (told.Count >= MaxOrigins || !told.TryAdd(text, true)) return;
        if (isOrigin) LogRefused(text, rules.OriginsSetting, text);
        else LogNoOrigin(text);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A web page of {Origin} was kept from using this server. "
            + "If it is yours, allow it with {Setting}={Example} and a restart")]
    private partial void LogRefused(string origin, string setting, string example);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A web page with the origin '{Origin}' was kept from using this server. Local files and sandboxed frames have no origin "
            + "that could be allowed; open the page from a web server")]
    private partial void LogNoOrigin(string origin);
}
