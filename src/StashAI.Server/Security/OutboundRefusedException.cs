namespace StashAI.Server.Security;

/// <summary>
/// The server may not call this address (answered as 422). The message names the address, the reason, and the setting that would allow it.
/// Thrown on connect too, where <see cref="HttpClient"/> wraps it: look at the inner exception of the <see cref="HttpRequestException"/>.
/// </summary>
internal sealed class OutboundRefusedException(string message, string? setting = null, string? field = null) : Exception(message)
{
    /// <summary>The setting to change, or null when no setting allows it.</summary>
    public string? Setting { get; } = setting;

    /// <summary>The field of the request that held the address.</summary>
    public string? Field { get; } = field;
}
