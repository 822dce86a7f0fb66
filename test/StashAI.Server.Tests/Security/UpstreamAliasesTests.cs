using StashAI.Server.Security;

namespace StashAI.Server.Tests.Security;

public sealed class UpstreamAliasesTests
{
    [Theory]
    [InlineData("http://localhost:9997/api/predict_1", "http://visage:8000/api/predict_1")]
    [InlineData("https://nas.local:9997/api/identify?x=1%202", "http://visage:8000/api/identify?x=1%202")]
    [InlineData("http://user:pw@[::1]:9997/api/a/b", "http://visage:8000/api/a/b")]
    public void A_url_at_the_port_of_visage_selects_the_configured_visage(string url, string target)
    {
        var (resolved, aliased) = Aliases("http://visage:8000").Resolve(new Uri(url));
        Assert.True(aliased);
        Assert.Equal(new Uri(target), resolved);
    }

    [Theory]
    [InlineData("http://localhost:9998/api/predict_1")]
    [InlineData("http://localhost:9997/")]
    [InlineData("http://localhost:9997/api/../admin")]
    [InlineData("ftp://localhost:9997/api/predict_1")]
    public void Any_other_url_stays_as_it_is(string url) =>
        Assert.Equal((new Uri(url), false), Aliases("http://visage:8000").Resolve(new Uri(url)));

    [Fact]
    public void A_base_address_with_a_path_keeps_it() =>
        Assert.Equal("http://proxy/visage/api/predict_1", Aliases("http://proxy/visage/").Resolve(new Uri("http://x:9997/api/predict_1")).Target.AbsoluteUri);

    [Fact]
    public void Without_an_address_of_the_service_nothing_is_replaced() =>
        Assert.False(new UpstreamAliases(UpstreamAliases.Default, new ServiceAddresses()).Resolve(new Uri("http://x:9997/api/a")).Aliased);

    [Fact]
    public void The_latest_address_of_a_service_counts()
    {
        var services = new ServiceAddresses();
        var aliases = new UpstreamAliases([new UpstreamAlias("visage", "*:9997/api/predict_*")], services);
        services.Set("visage", new Uri("http://127.0.0.1:1"));
        services.Set("visage", new Uri("http://127.0.0.1:2"));
        Assert.Equal(2, aliases.Resolve(new Uri("http://x:9997/api/predict_1")).Target.Port);
        Assert.False(aliases.Resolve(new Uri("http://x:9997/api/identify")).Aliased);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*:9997")]
    [InlineData("*/api/*")]
    public void A_pattern_needs_host_port_and_path(string pattern) =>
        Assert.Throws<ArgumentException>(() => new UpstreamAlias("visage", pattern));

    private static UpstreamAliases Aliases(string visage)
    {
        var services = new ServiceAddresses();
        services.Set("visage", new Uri(visage));
        return new UpstreamAliases(UpstreamAliases.Default, services);
    }
}
