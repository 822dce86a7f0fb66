using System.Globalization;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Json;

/// <summary>A whole number in a query.</summary>
internal static class QueryNumber
{
    public static int Read(IQueryCollection query, string name, int fallback, int least, int most)
    {
        var text = (string?)query[name];
        if (string.IsNullOrEmpty(text)) return fallback;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw RequestException.Invalid(name, $"'{text}' is not a whole number from {least} to {most}.");
    }

    /// <summary>A whole number above 0, or null.</summary>
    public static long? ReadLong(IQueryCollection query, string name)
    {
        var text = (string?)query[name];
        if (string.IsNullOrEmpty(text)) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw RequestException.Invalid(name, $"'{text}' is not a whole number above 0.");
    }
}
