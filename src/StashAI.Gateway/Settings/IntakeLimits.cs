using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Settings;

/// <summary>The limits of a request body. Every limit is a setting of the same name in capitals (<c>MAX_ITEMS</c>).</summary>
internal sealed record IntakeLimits
{
    public const string MaxItemsSetting = "MAX_ITEMS";
    public const string MaxItemBytesSetting = "MAX_ITEM_BYTES";
    public const string MaxBodyBytesSetting = "MAX_BODY_BYTES";
    public const string MaxUploadsSetting = "MAX_OPEN_UPLOADS";
    public const string MaxUploadBytesSetting = "MAX_UPLOAD_BYTES";
    public const string MaxFilesSetting = "MAX_FILES";
    public const string MaxFileBytesSetting = "MAX_FILE_BYTES";
    public const string MaxEnvelopeBytesSetting = "MAX_ENVELOPE_BYTES";

    /// <summary>The most payloads in a body.</summary>
    public int MaxItems { get; init; } = 100_000;

    /// <summary>The most decoded bytes of a payload.</summary>
    public long MaxItemBytes { get; init; } = 256L << 20;

    /// <summary>The most bytes of the body as sent.</summary>
    public long MaxBodyBytes { get; init; } = 4L << 30;

    /// <summary>The most bytes of the body without payloads and insignificant white space.</summary>
    public int MaxEnvelopeBytes { get; init; } = 16 << 20;

    /// <summary>The most open uploads of one caller.</summary>
    public int MaxUploads { get; init; } = 16;

    /// <summary>The most bytes of all open uploads of one caller.</summary>
    public long MaxUploadBytes { get; init; } = 16L << 30;

    /// <summary>The most files (<c>/v1/files</c>) that one caller keeps.</summary>
    public int MaxFiles { get; init; } = 10_000;

    /// <summary>The most bytes of all files of one caller.</summary>
    public long MaxFileBytes { get; init; } = 64L << 30;

    /// <summary>The places for large items, which all bodies share.</summary>
    public IntakeMemory Memory { get; init; } = new(int.MaxValue);

    /// <summary>Reads the limits from the settings.</summary>
    public static IntakeLimits Read(SettingsReader reader) => new()
    {
        Memory = IntakeMemory.OfProcess(reader.Read(GatewaySettings.MaxEnvelopeBytes)),
        MaxItems = reader.Read(GatewaySettings.MaxItems),
        MaxItemBytes = reader.Read(GatewaySettings.MaxItemBytes),
        MaxBodyBytes = reader.Read(GatewaySettings.MaxBodyBytes),
        MaxUploads = reader.Read(GatewaySettings.MaxUploads),
        MaxUploadBytes = reader.Read(GatewaySettings.MaxUploadBytes),
        MaxFiles = reader.Read(GatewaySettings.MaxFiles),
        MaxFileBytes = reader.Read(GatewaySettings.MaxFileBytes),
        MaxEnvelopeBytes = reader.Read(GatewaySettings.MaxEnvelopeBytes),
    };
}
