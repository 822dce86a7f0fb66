using System.Globalization;
using System.Text.Json;
using StashAI.Server.Cli.Remote;

namespace StashAI.Server.Cli.Submit;

/// <summary>Shows what a job would take to people.</summary>
internal static class QuoteText
{
    public static string Of(JsonElement quote)
    {
        var time = Number(quote, "seconds_p50") is { } usual
            ? $"about {Span(usual)}, in nine of ten cases less than {Span(Number(quote, "seconds_p90") ?? usual)}"
            : $"unknown: {quote.GetProperty("time_unknown").GetString()}";
        var ahead = Number(quote, "tasks_ahead") is > 0 and var tasks
            ? string.Create(CultureInfo.InvariantCulture, $", {tasks} tasks of other jobs are ahead") : "";
        var cost = Number(quote, "cost") is { } price ? string.Create(CultureInfo.InvariantCulture, $"; cost: {price:0.######}") : "";
        var energy = Number(quote, "energy_wh") is { } power
            ? string.Create(CultureInfo.InvariantCulture, $"; energy: {power:0.###} Wh") : "";
        return $"Time: {time}{ahead}{cost}{energy}.";
    }

    private static double? Number(JsonElement quote, string name) =>
        quote.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string Span(double seconds) => Words.Span(TimeSpan.FromSeconds(seconds));
}
