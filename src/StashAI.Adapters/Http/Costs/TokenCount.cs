using System.Text.Json;

namespace StashAI.Adapters.Http.Costs;

/// <summary>What is a count of tokens in an answer: a whole number from 0 to 10^12, also one that is written as 12.0 or 1.2e1.</summary>
internal static class TokenCount
{
    /// <summary>No answer has more, and the sum of a million of them is exact everywhere.</summary>
    public const long Most = 1_000_000_000_000;

    /// <summary>True for a number that is a count.</summary>
    public static bool Is(long number) => number is >= 0 and <= Most;

    /// <summary>The count; null for anything that is none.</summary>
    public static long? Of(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number) return null;
        if (value.TryGetInt64(out var whole)) return Is(whole) ? whole : null;
        return value.TryGetDecimal(out var number) && number is >= 0 and <= Most && number == decimal.Truncate(number)
            ? (long)number : null;
    }
}
