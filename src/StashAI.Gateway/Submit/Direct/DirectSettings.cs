using System.Globalization;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>Whether submits are answered with their results at once (C-17), and how much one may ask for then.</summary>
internal sealed record DirectSettings
{
    public const string QueueEnabledSetting = "QUEUE_ENABLED";
    public const string DirectModeSetting = "DIRECT_MODE";
    public const string MaxItemsSetting = "DIRECT_MAX_ITEMS";

    /// <summary>The results of so many fit on one page of an answer.</summary>
    private const int MostItems = 1000;

    /// <summary>True for direct mode: either variable alone asks for it.</summary>
    public bool IsOn { get; init; }

    /// <summary>The most items of a submit in direct mode, and of one that runs without the database.</summary>
    public int MaxItems { get; init; } = 64;

    /// <summary>`mode` on the wire.</summary>
    public string Mode => IsOn ? "direct" : "queue";

    /// <summary>Reads the three settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is not usable; the message names it and the form it takes.</exception>
    public static DirectSettings From(IConfiguration configuration) => new()
    {
        IsOn = !Flag(configuration, QueueEnabledSetting, usual: true) | Flag(configuration, DirectModeSetting, usual: false),
        MaxItems = Items(configuration),
    };

    private static bool Flag(IConfiguration configuration, string setting, bool usual) => configuration[setting]?.Trim().ToUpperInvariant() switch
    {
        null or "" => usual,
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw new InvalidOperationException($"{setting} cannot be '{configuration[setting]}': it takes true or false."),
    };

    private static int Items(IConfiguration configuration)
    {
        var text = configuration[MaxItemsSetting];
        if (string.IsNullOrWhiteSpace(text)) return new DirectSettings().MaxItems;
        return int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var items)
            && items is >= 1 and <= MostItems
            ? items
            : throw new InvalidOperationException($"{MaxItemsSetting} must be a whole number from 1 to {MostItems}, but it is '{text}'.");
    }
}
