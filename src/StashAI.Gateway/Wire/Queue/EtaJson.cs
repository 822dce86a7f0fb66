using System.Globalization;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Writes the fields of an estimate (C-21); all are null until there are measurements.</summary>
internal static class EtaJson
{
    public static void Write(Utf8JsonWriter json, Eta? eta)
    {
        json.WriteString("estimated_completion", eta is null ? null : Words(eta.Seconds));
        json.WriteNumberOrNull("eta_seconds", eta?.Seconds);
        json.WriteNumberOrNull("eta_p90_seconds", eta?.P90Seconds);
        json.WriteTime("eta_at", eta?.At);
    }

    /// <summary><c>45s</c>, <c>2min</c>, <c>3h 20min</c>, <c>2d 4h</c>.</summary>
    public static string Words(double seconds)
    {
        var whole = (long)Math.Ceiling(seconds);
        if (whole < 60) return string.Create(CultureInfo.InvariantCulture, $"{whole}s");
        var minutes = (whole + 30) / 60;
        if (minutes < 60) return string.Create(CultureInfo.InvariantCulture, $"{minutes}min");
        return minutes < 48 * 60 ? Two(minutes / 60, "h", minutes % 60, "min") : Two(minutes / 1440, "d", minutes % 1440 / 60, "h");
    }

    private static string Two(long large, string unit, long small, string smallUnit) =>
        string.Create(CultureInfo.InvariantCulture, $"{large}{unit}")
        + (small == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {small}{smallUnit}"));
}
