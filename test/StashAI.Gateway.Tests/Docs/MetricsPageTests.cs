using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Docs;

/// <summary>docs/observability.md has every metric of the queue under the name that Prometheus shows.</summary>
public sealed partial class MetricsPageTests
{
    private static readonly string[] Page = [.. SourceTree.Rows(SourceTree.Read("docs/observability.md"))
        .SelectMany(cells => Name().Matches(cells[0])).Select(match => match.Value).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task The_page_has_every_metric_and_no_other()
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name != "StashAI.Queue") return;
                lock (instruments) instruments.Add(instrument);
            },
        };
        await using var gateway = await GatewayHost.StartAsync();
        listener.Start();
        string[] expected;
        lock (instruments) expected = [.. instruments.Select(NameOf).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(expected, Page);
        var shown = await gateway.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal([], Shown().Matches(shown).Select(match => match.Groups[1].Value).Except(Page));
    }

    /// <summary>The exporter writes the unit out, and ends the names of counters with `_total`.</summary>
    private static string NameOf(Instrument instrument)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return instrument.Name.Replace('.', '_') + unit + (instrument is Counter<long> ? "_total" : "");
    }

    [GeneratedRegex("stashai_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("# TYPE (stashai_[a-z_]+)")]
    private static partial Regex Shown();
}
