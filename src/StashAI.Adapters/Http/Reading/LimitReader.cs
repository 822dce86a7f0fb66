using System.Globalization;
using StashAI.Sdk;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads what the queue must know about a service: limits, circuit, labels, and how its results are shown.</summary>
internal sealed class LimitReader(List<DeclarationError> errors)
{
    public AdapterManifest Read(YamlMap map, string name)
    {
        var defaults = new AdapterManifest { Name = name, Operations = [] };
        var health = map.Text("health");
        if (health is not null && !health.StartsWith('/')) map.Invalid("health", "a path that starts with /");
        return defaults with
        {
            AttemptTimeout = map.Duration("timeout") ?? defaults.AttemptTimeout,
            MaxRunning = map.Integer("max_parallel", 1, 100_000),
            Rate = ReadRate(map),
            AllowedHours = ReadHours(map, errors),
            HealthPath = health is ['/', ..] ? health : null,
            RequiredLabels = [.. map.Texts("labels").Select(label => label.Value!)],
            Circuit = ReadCircuit(map, defaults.Circuit),
            View = ViewReader.Read(map, errors),
        };
    }

    /// <summary>Reads <c>10/s</c>, <c>600/m</c>, <c>1000/h</c>, or a mapping with <c>per_second</c> and <c>burst</c>.</summary>
    private RateLimit? ReadRate(YamlMap map)
    {
        switch (map.Find("rate"))
        {
            case null:
                return null;
            case YamlMappingNode node:
                var rate = new YamlMap(node, "rate", errors);
                rate.Require("per_second", "5");
                var limit = new RateLimit(rate.Number("per_second", 0.000001, 1e6) ?? 1, rate.Number("burst", 1, 1e6) ?? 1);
                rate.ReportUnknownKeys();
                return limit;
            case YamlScalarNode { Value: { } text } when text.Split('/') is [var count, var unit]
                && double.TryParse(count, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1e9
                && unit.Trim() switch { "s" => 1, "m" => 60, "h" => 3600, _ => 0 } is > 0 and var seconds:
                return new RateLimit(number / seconds);
            default:
                map.Invalid("rate", "a rate such as 10/s, 600/m or 1000/h, or a mapping with per_second and burst");
                return null;
        }
    }

    private static AllowedHours? ReadHours(YamlMap map, List<DeclarationError> errors)
    {
        if (map.Text("allowed_hours") is not { } text) return null;
        if (AllowedHours.TryParse(text, out var hours, out var error)) return hours;
        YamlMap.Report(errors, map.Find("allowed_hours")!, error);
        return null;
    }

    private static CircuitSettings ReadCircuit(YamlMap map, CircuitSettings defaults)
    {
        if (map.Map("circuit") is not { } circuit) return defaults;
        var settings = new CircuitSettings
        {
            Failures = circuit.Integer("failures", 1, 1000) ?? defaults.Failures,
            FirstPause = circuit.Duration("first_pause") ?? defaults.FirstPause,
            LongestPause = circuit.Duration("longest_pause") ?? defaults.LongestPause,
        };
        if (settings.LongestPause < settings.FirstPause) circuit.Invalid("longest_pause", "at least first_pause");
        circuit.ReportUnknownKeys();
        return settings;
    }
}
