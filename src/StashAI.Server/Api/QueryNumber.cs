using System.Globalization;

namespace StashAI.Server.Api;

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
}
