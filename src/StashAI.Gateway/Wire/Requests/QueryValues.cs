using System.Globalization;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Requests;

/// <summary>
/// Reads parameters of a query by their documentation, which has their ranges and words. An empty value counts as missing, because many
/// clients send every parameter that they know.
/// </summary>
internal static class QueryValues
{
    /// <summary>A whole number.</summary>
    public static int Number(this IQueryCollection query, ParameterDoc parameter, int usual) => (int)(query.LongNumber(parameter) ?? usual);

    /// <summary>A whole number; null when it is missing.</summary>
    public static long? LongNumber(this IQueryCollection query, ParameterDoc parameter) =>
        query.Text(parameter) is { } text ? Parse(parameter, text) : null;

    /// <summary>A number that need not be whole; null when it is missing.</summary>
    public static double? Fraction(this IQueryCollection query, ParameterDoc parameter) =>
        query.Text(parameter) is { } text ? ParseFraction(parameter, text) : null;

    public static bool Flag(this IQueryCollection query, ParameterDoc parameter, bool usual) =>
        query.Text(parameter) is { } text ? ParseFlag(parameter, text) : usual;

    /// <summary>A moment, as RFC 3339; null when it is missing.</summary>
    public static DateTimeOffset? Time(this IQueryCollection query, ParameterDoc parameter)
    {
        if (query.Text(parameter) is not { } text) return null;
        return Rfc3339.Read(text) ?? throw Invalid(
            parameter, text, "is not a time with its offset from UTC, such as 2030-01-31T08:00:00Z (write + as %2B).");
    }

    /// <summary>A text that may say yes or no; null for any other.</summary>
    public static bool? FlagOrNull(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" => true,
        "FALSE" or "0" or "NO" => false,
        _ => null,
    };

    /// <summary>A text; null when it is missing.</summary>
    public static string? Text(this IQueryCollection query, ParameterDoc parameter) =>
        (string?)query[parameter.Name] is { Length: > 0 } text ? text : null;

    /// <summary>Refuses a value that is not of the parameter's type, not in its range, or none of its words.</summary>
    /// <exception cref="RequestException">The value is not valid.</exception>
    public static void Check(ParameterDoc parameter, string text)
    {
        if (text.Length == 0) return;
        if (parameter.Type == "integer")
        {
            Parse(parameter, text);
        }
        else if (parameter.Type == "number")
        {
            ParseFraction(parameter, text);
        }
        else if (parameter.Type == "boolean")
        {
            ParseFlag(parameter, text);
        }
        else if (parameter.Words.Count > 0 && !parameter.Words.Contains(text))
        {
            throw Invalid(
                parameter, text, $"is not valid; use {string.Join(" or ", parameter.Words)}.{FieldCheck.Suggest(text, parameter.Words)}");
        }
    }

    private static long Parse(ParameterDoc parameter, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= parameter.Least
        && number <= parameter.Most
            ? number
            : throw Invalid(
                parameter,
                text,
                string.Create(CultureInfo.InvariantCulture, $"is not a whole number from {parameter.Least} to {parameter.Most}."));

    private static double ParseFraction(ParameterDoc parameter, string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number >= parameter.Least && number <= parameter.Most
            ? number
            : throw Invalid(
                parameter,
                text,
                string.Create(CultureInfo.InvariantCulture, $"is not a number from {parameter.Least} to {parameter.Most}."));

    private static bool ParseFlag(ParameterDoc parameter, string text) =>
        FlagOrNull(text) ?? throw Invalid(parameter, text, "is not valid; use true or false.");

    private static RequestException Invalid(ParameterDoc parameter, string text, string reason) =>
        RequestException.Invalid(parameter.Name, $"'{Excerpt.Of(text)}' {reason}");
}
