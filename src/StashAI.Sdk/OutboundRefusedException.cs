namespace StashAI.Sdk;

/// <summary>
/// The server may not call this address. The message names the address, the reason, and the setting that would allow it. Thrown on
/// connect too, where <see cref="HttpClient"/> wraps it: look at the inner exception of the <see cref="HttpRequestException"/>.
/// </summary>
public sealed class OutboundRefusedException(string message, string? setting = null, string? field = null) : Exception(message)
{
    /// <summary>The setting to change, or null when no setting allows it.</summary>
    public string? Setting { get; } = setting;

    /// <summary>The field of the request that held the address, or null.</summary>
    public string? Field { get; } = field;
}
