using Microsoft.Extensions.Options;
using StashAI.Hosting.Settings;
using StashAI.Visage.Hosting;
using StashAI.Visage.Inference;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Tests.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public void Settings_come_from_the_environment()
    {
        var values = new Dictionary<string, string?>
        {
            ["VISAGE_ALLOWED_HOSTS"] = "nas.local; a.b",
            ["VISAGE_MAX_QUEUED"] = "7",
            ["VISAGE_ALLOW_LAN"] = "true",
        };
        var options = Read(values.GetValueOrDefault);
        Assert.Equal((7, true), (options.MaxQueued, options.AllowLan));
        Assert.Equal(["nas.local", "a.b"], options.AllowedHosts);
        Assert.Equal(new VisageOptions().MaxPixels, options.MaxPixels);
    }

    [Theory]
    [InlineData("VISAGE_MAX_CONCURRENCY", "0")]
    [InlineData("VISAGE_MAX_PIXELS", "many")]
    [InlineData("VISAGE_ALLOW_LAN", "maybe")]
    public void An_invalid_setting_is_named(string name, string value)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read(asked => asked == name ? value : null));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    private static VisageOptions Read(Func<string, string?> variable) =>
        SettingsReader.Bind(new SettingsReader(variable), VisageServiceSettings.Read);

    [Theory]
    [InlineData("http://0.0.0.0:9997", false)]
    [InlineData("http://*:9997", false)]
    [InlineData("http://192.168.1.2:9997", false)]
    [InlineData("nonsense", false)]
    [InlineData("http://127.0.0.1:0;http://[::1]:0", true)]
    [InlineData("http://localhost:9997", true)]
    public void Without_ALLOW_LAN_it_listens_on_loopback_only(string urls, bool isTaken)
    {
        var options = new VisageOptions { Urls = urls };
        var failure = Record.Exception(() => ListenAddresses.Check(options));
        Assert.Equal(isTaken, failure is null);
        if (!isTaken)
            Assert.Contains("VISAGE_URLS", failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_cannot_start_exits_with_1()
    {
        Assert.Equal(1, await VisageApp.RunAsync(new VisageOptions { Urls = "http://0.0.0.0:1" }, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("abacus")]
    public void A_provider_that_is_not_installed_is_refused_by_name(string provider)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => new StashAI.Visage.Inference.FaceModels("nowhere", provider));
        Assert.Contains("VISAGE_PROVIDER", refused.Message, StringComparison.Ordinal);
    }
}
