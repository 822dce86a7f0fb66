using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Settings;

/// <summary>The limits of a request body. Every limit is a setting of the same name in capitals (<c>MAX_ITEMS</c>).</summary>
internal sealed record IntakeLimits
{
    public const string MaxItemsSetting = "MAX_ITEMS";
    public const string MaxItemBytesSetting = "MAX_ITEM_BYTES";
    public const string MaxBodyBytesSetting = "MAX_BODY_BYTES";
    public const string MaxEnvelopeBytesSetting = "MAX_ENVELOPE_BYTES";

    /// <summary>The most payloads in a body.</summary>
    public int MaxItems { get; init; } = 100_000;

    /// <summary>The most decoded bytes of a payload.</summary>
    public long MaxItemBytes { get; init; } = 256L << 20;

    /// <summary>The most bytes of the body as sent.</summary>
    public long MaxBodyBytes { get; init; } = 4L << 30;

    /// <summary>The most bytes of the body without payloads and insignificant white space.</summary>
    public int MaxEnvelopeBytes { get; init; } = 16 << 20;

    /// <summary>Reads the limits from the settings.</summary>
    public static IntakeLimits Read(SettingsReader reader) => new()
    {
        MaxItems = reader.Read(GatewaySettings.MaxItems),
        MaxItemBytes = reader.Read(GatewaySettings.MaxItemBytes),
        MaxBodyBytes = reader.Read(GatewaySettings.MaxBodyBytes),
        MaxEnvelopeBytes = reader.Read(GatewaySettings.MaxEnvelopeBytes),
    };
}
