using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StashAI.Adapters.Visage;
using StashAI.Hosting.Settings;
using StashAI.Sdk;
using StashAI.Server.Hosting;

namespace StashAI.Server.Tests.Hosting;

public sealed class VisageSettingsTests
{
    [Fact]
    public void Nothing_is_limited_unless_it_is_said()
    {
        var manifest = Read(With()).Manifest;

        Assert.Null(manifest.MaxRunning);
        Assert.Null(manifest.Rate);
        Assert.Equal(TimeSpan.FromSeconds(120), manifest.AttemptTimeout);
    }

    [Fact]
    public void Limits_reach_the_adapter()
    {
        var manifest = Read(With(("VISAGE_MAX_PARALLEL", "3"), ("VISAGE_RATE_PER_SECOND", "2.5"))).Manifest;

        Assert.Equal(3, manifest.MaxRunning);
        Assert.Equal(TimeSpan.FromSeconds(300), Read(With(("VISAGE_TIMEOUT_SECONDS", "300"))).Manifest.AttemptTimeout);
        Assert.Equal(new RateLimit(2.5, 2.5), manifest.Rate);
        Assert.Equal(new RateLimit(0.5, 1), Read(With(("VISAGE_RATE_PER_SECOND", "0.5"))).Manifest.Rate);
        Assert.Equal(new RateLimit(5, 20), Read(With(("VISAGE_RATE_PER_SECOND", "5"), ("VISAGE_RATE_BURST", "20"))).Manifest.Rate);
    }

    [Theory]
    [InlineData("VISAGE_MAX_PARALLEL", "0")]
    [InlineData("VISAGE_MAX_PARALLEL", "2.5")]
    [InlineData("VISAGE_MAX_PARALLEL", "many")]
    [InlineData("VISAGE_RATE_PER_SECOND", "-1")]
    [InlineData("VISAGE_RATE_PER_SECOND", "NaN")]
    [InlineData("VISAGE_RATE_BURST", "5")]
    [InlineData("VISAGE_TIMEOUT_SECONDS", "0")]
    [InlineData("VISAGE_TIMEOUT_SECONDS", "86400")]
    public void A_value_that_cannot_be_is_named(string setting, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(With((setting, value))));

        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
    }

    private static VisageAdapter Read(IConfiguration settings) => SettingsReader.Bind(settings, VisageSettings.Read);

    private static IConfiguration With(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
}
