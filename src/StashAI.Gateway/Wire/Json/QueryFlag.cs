using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Json;

/// <summary>A boolean in a query.</summary>
internal static class QueryFlag
{
    public static bool Read(IQueryCollection query, string name, bool fallback) => ((string?)query[name])?.ToUpperInvariant() switch
    {
        null or "" => fallback,
        "TRUE" or "1" or "YES" => true,
        "FALSE" or "0" or "NO" => false,
        _ => throw RequestException.Invalid(name, $"'{(string?)query[name]}' is not valid; use true or false."),
    };
}
