namespace StashAI.Sdk;

/// <summary>
/// The outbound policy does not allow this address. The message names the address, the reason, and the setting that would allow it. It is
/// also thrown while connecting; then it is the inner exception of an <see cref="HttpRequestException"/>.
/// </summary>
public sealed class OutboundRefusedException(string message, string? setting = null, string? field = null) : Exception(message)
{
    /// <summary>The setting that would allow the address; null when none would.</summary>
    public string? Setting { get; } = setting;

    /// <summary>The field of the request that held the address; null when the address came from elsewhere.</summary>
    public string? Field { get; } = field;
}
