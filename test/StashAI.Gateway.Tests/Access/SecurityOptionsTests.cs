using Microsoft.Extensions.Options;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;

namespace StashAI.Gateway.Tests.Access;

public sealed class SecurityOptionsTests
{
    [Fact]
    public void Settings_are_read_under_their_flat_names()
    {
        var options = SecurityOptions.From(TestServers.Settings(new()
        {
            ["ALLOWED_HOSTS"] = "NAS.local, *.example.org",
            ["CORS_ORIGINS"] = "https://Stash.example.org/, http://a.b:80, moz-extension://0a1b-2c",
            ["ALLOW_ANONYMOUS"] = "lan",
            ["ALLOWED_UPSTREAMS"] = "ai.example:8443,10.0.0.0/8",
            ["STRICT_UPSTREAMS"] = "1",
            ["TRUST_LAN"] = "True",
        }));
        Assert.Equal(["nas.local", "*.example.org"], options.HostOrigins.AllowedHosts);
        Assert.Equal(
            ["https://stash.example.org", "http://a.b", "moz-extension://0a1b-2c"],
            options.HostOrigins.AllowedOrigins.Select(pattern => pattern.Text));
        Assert.Equal(AnonymousAccess.Lan, options.AllowAnonymous);
        Assert.Equal(2, options.AllowedUpstreams.Count);
        Assert.True(options is { StrictUpstreams: true, TrustLan: true });
    }

    [Theory]
    [InlineData("ALLOWED_HOSTS", "*")]
    [InlineData("ALLOWED_HOSTS", "nas.local:9998")]
    [InlineData("CORS_ORIGINS", "*")]
    [InlineData("CORS_ORIGINS", "null")]
    [InlineData("CORS_ORIGINS", "https://*.org")]
    [InlineData("CORS_ORIGINS", "https://example.org/path")]
    [InlineData("ALLOW_ANONYMOUS", "yes")]
    [InlineData("ALLOWED_UPSTREAMS", "http://ai.example/")]
    [InlineData("ALLOWED_UPSTREAMS", "192.168.1.0/33")]
    [InlineData("ALLOWED_UPSTREAMS", "ai.example:99999")]
    [InlineData("STRICT_UPSTREAMS", "maybe")]
    [InlineData("TRUST_LAN", "maybe")]
    public void An_unusable_setting_stops_the_start_and_is_named(string setting, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => SecurityOptions.From(TestServers.Settings(new() { [setting] = value })));
        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9998", true)]
    [InlineData("http://localhost:9998", true)]
    [InlineData("http://[::1]:9998", true)]
    [InlineData("http://unix:/run/stashai.sock", true)]
    [InlineData("http://0.0.0.0:9998", false)]
    [InlineData("http://*:9998", false)]
    [InlineData("http://+:9998", false)]
    [InlineData("http://[::]:9998", false)]
    [InlineData("http://192.168.1.5:9998", false)]
    [InlineData("http://nas.local:9998", false)]
    public void Without_a_key_only_loopback_is_listened_on(string url, bool allowed)
    {
        var refusal = BindingPolicy.Check(["http://127.0.0.1:1", url], hasApiKey: false, new SecurityOptions());
        Assert.Equal(allowed, refusal is null);
        Assert.Null(BindingPolicy.Check([url], hasApiKey: true, new SecurityOptions()));
        Assert.Null(BindingPolicy.Check([url], hasApiKey: false, new SecurityOptions { AllowAnonymous = AnonymousAccess.Lan }));
        if (!allowed)
        {
            Assert.Contains("ALLOW_ANONYMOUS=lan", refusal, StringComparison.Ordinal);
            Assert.Contains(url, refusal, StringComparison.Ordinal);
            Assert.Contains("docker compose run --rm stash-ai-server keys create --name me", refusal, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_address_that_is_none_is_refused_with_its_text() =>
        Assert.Contains("nonsense", BindingPolicy.Check(["nonsense"], hasApiKey: true, new SecurityOptions()), StringComparison.Ordinal);
}
