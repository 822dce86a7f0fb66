using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;

namespace StashAI.Gateway.Tests.Access;

public sealed class UpstreamAliasTests
{
    private static readonly ServiceSnapshot Services = ServiceSnapshot.Empty;

    [Theory]
    [InlineData("http://localhost:9997/api/predict_1")]
    [InlineData("https://nas.local:9997/api/identify?x=1%202")]
    [InlineData("http://user:pw@[::1]:9997/api/a/b")]
    public void A_url_at_the_port_of_visage_selects_the_configured_visage(string url) =>
        Assert.True(Services.IsAlias("visage", new Uri(url)));

    [Theory]
    [InlineData("http://localhost:9998/api/predict_1")]
    [InlineData("http://localhost:9997/")]
    [InlineData("http://localhost:9997/api/../admin")]
    [InlineData("ftp://localhost:9997/api/predict_1")]
    public void Any_other_url_selects_nothing(string url) => Assert.False(Services.IsAlias("visage", new Uri(url)));

    [Fact]
    public void A_url_selects_its_own_service_and_no_other() =>
        Assert.False(Services.IsAlias("chat", new Uri("http://localhost:9997/api/predict_1")));

    [Fact]
    public void A_pattern_narrows_the_path()
    {
        var alias = new UpstreamAlias("visage", "*:9997/api/predict_*");
        Assert.True(alias.Matches(new Uri("http://x:9997/api/predict_1")));
        Assert.False(alias.Matches(new Uri("http://x:9997/api/identify")));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*:9997")]
    [InlineData("*/api/*")]
    public void A_pattern_needs_host_port_and_path(string pattern) =>
        Assert.Throws<ArgumentException>(() => new UpstreamAlias("visage", pattern));
}
