using System.Globalization;

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
    /// <exception cref="InvalidOperationException">A setting is not a positive whole number; the message names it.</exception>
    public static IntakeLimits From(IConfiguration configuration)
    {
        var defaults = new IntakeLimits();
        return new IntakeLimits
        {
            MaxItems = (int)Read(configuration, MaxItemsSetting, defaults.MaxItems, 1 << 24),
            MaxItemBytes = Read(configuration, MaxItemBytesSetting, defaults.MaxItemBytes, long.MaxValue),
            MaxBodyBytes = Read(configuration, MaxBodyBytesSetting, defaults.MaxBodyBytes, long.MaxValue),
            MaxEnvelopeBytes = (int)Read(configuration, MaxEnvelopeBytesSetting, defaults.MaxEnvelopeBytes, 1 << 30),
        };
    }

    private static long Read(IConfiguration configuration, string setting, long fallback, long maximum)
    {
        var text = configuration[setting];
        if (string.IsNullOrWhiteSpace(text))
        {
            return fallback;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= maximum
            ? value
            : throw new InvalidOperationException($"{setting} must be a whole number from 1 to {maximum}, but it is '{text}'.");
    }
}
