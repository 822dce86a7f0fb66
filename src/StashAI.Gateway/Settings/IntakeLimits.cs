using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Settings;

/// <summary>What one request body may hold. Every limit is a setting of the same name in capitals (<c>MAX_ITEMS</c>).</summary>
internal sealed record IntakeLimits
{
    public const string MaxItemsSetting = "MAX_ITEMS";
    public const string MaxItemBytesSetting = "MAX_ITEM_BYTES";
    public const string MaxBodyBytesSetting = "MAX_BODY_BYTES";
    public const string MaxEnvelopeBytesSetting = "MAX_ENVELOPE_BYTES";

    /// <summary>Payloads in one body.</summary>
    public int MaxItems { get; init; } = 100_000;

    /// <summary>Decoded bytes of one payload.</summary>
    public long MaxItemBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of the whole body as sent.</summary>
    public long MaxBodyBytes { get; init; } = 4L << 30;

    /// <summary>Bytes of the document that is left when payloads and insignificant whitespace are taken out.</summary>
    public int MaxEnvelopeBytes { get; init; } = 16 << 20;

    /// <summary>Reads the four settings; what is not set keeps its default.</summary>
    public static IntakeLimits Read(SettingsReader reader) => new()
    {
        MaxItems = reader.Read(GatewaySettings.MaxItems),
        MaxItemBytes = reader.Read(GatewaySettings.MaxItemBytes),
        MaxBodyBytes = reader.Read(GatewaySettings.MaxBodyBytes),
        MaxEnvelopeBytes = reader.Read(GatewaySettings.MaxEnvelopeBytes),
    };
}
