using System.Net.Sockets;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Access;

public sealed class OutboundPolicyTests
{
    [Theory]
    [InlineData("http://93.184.216.34/api")]
    [InlineData("https://[2606:2800:220:1:248:1893:25c8:1946]/api")]
    [InlineData("http://ai.example/api")]
    public async Task Public_addresses_may_be_called(string url) =>
        await CheckAsync(url, [], new ScriptedDns().With("ai.example", "93.184.216.34"));

    [Theory]
    [InlineData("http://127.0.0.1:9997/x")]
    [InlineData("http://localhost/x")]
    [InlineData("http://LOCALHOST./x")]
    [InlineData("http://127.1/x")]
    [InlineData("http://2130706433/x")]
    [InlineData("http://0x7f000001/x")]
    [InlineData("http://0177.0.0.1/x")]
    [InlineData("http://0x7f.0.0.0x1/x")]
    [InlineData("http://127.0.0.1./x")]
    [InlineData("http://[::1]/x")]
    [InlineData("http://[::ffff:127.0.0.1]/x")]
    [InlineData("http://[::ffff:7f00:1]/x")]
    [InlineData("http://[::127.0.0.1]/x")]
    [InlineData("http://[64:ff9b::7f00:1]/x")]
    [InlineData("http://[64:ff9b:1::7f00:1]/x")]
    [InlineData("http://[::ffff:0:127.0.0.1]/x")]
    [InlineData("http://[0:0:0:0:0:ffff:7f00:0001]/x")]
    [InlineData("http://017700000001/x")]
    [InlineData("http://0x7F.1/x")]
    [InlineData("http://10.0x10.0.1/x")]
    [InlineData("http://127\u30020\u30020\u30021/x")]
    [InlineData("http://[64:ff9b::10.0.0.1]/x")]
    [InlineData("http://[2002:7f00:1::]/x")]
    [InlineData("http://[2001:db9::5efe:10.0.0.1]/x")]
    [InlineData("http://10.1.2.3/x")]
    [InlineData("http://172.31.255.255/x")]
    [InlineData("http://192.168.0.1/x")]
    [InlineData("http://[fd12:3456::1]/x")]
    [InlineData("http://nas.example/x")]
    public async Task Private_and_loopback_addresses_need_TRUST_LAN_in_whatever_form_they_are_written(string url)
    {
        var dns = new ScriptedDns().With("nas.example", "192.168.1.5").With("localhost", "127.0.0.1", "::1");
        var refusal = await RefusedAsync(url, [], dns);
        Assert.Equal("TRUST_LAN", refusal.Setting);
        Assert.Contains("TRUST_LAN", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("visage_api_url", refusal.Field);
        await CheckAsync(url, new() { ["TRUST_LAN"] = "true" }, dns);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://0xa9fea9fe/latest")]
    [InlineData("http://2852039166/latest")]
    [InlineData("http://0251.0376.0251.0376/latest")]
    [InlineData("http://[64:ff9b:1::a9fe:a9fe]/")]
    [InlineData("http://[::ffff:0:169.254.169.254]/")]
    [InlineData("http://[::169.254.169.254]/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://[2002:a9fe:a9fe::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fe80::1%251]/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://METADATA.google.internal./")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://0/")]
    [InlineData("http://[::]/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://rebound.example/")]
    public async Task Special_addresses_are_never_called(string url)
    {
        var open = new Dictionary<string, string?>
        {
            ["TRUST_LAN"] = "true",
            ["ALLOWED_UPSTREAMS"] = "169.254.0.0/16, fe80::/10, metadata.google.internal, 0.0.0.0",
        };
        var refusal = await RefusedAsync(url, open, new ScriptedDns().With("rebound.example", "169.254.169.254"));
        Assert.Null(refusal.Setting);
    }

    [Theory]
    [InlineData("ftp://ai.example/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:secret@ai.example/x")]
    [InlineData("http://user@ai.example/x")]
    [InlineData("http://ai.example@169.254.169.254/x")]
    [InlineData("http://ai.example:80@127.0.0.1/x")]
    [InlineData("http://\uFF11\uFF12\uFF17.0.0.1/x")]
    [InlineData("gopher://ai.example/x")]
    [InlineData("/relative")]
    public async Task Only_plain_http_and_https_urls_are_accepted(string url) =>
        await RefusedAsync(url, [], new ScriptedDns().With("ai.example", "93.184.216.34"));

    [Fact]
    public async Task Strict_mode_calls_listed_addresses_only()
    {
        var dns = new ScriptedDns().With("ai.example", "93.184.216.34").With("other.example", "93.184.216.35");
        var strict =
            new Dictionary<string, string?> { ["STRICT_UPSTREAMS"] = "true", ["ALLOWED_UPSTREAMS"] = "ai.example:443, 10.0.0.0/8" };
        await CheckAsync("https://ai.example/x", strict, dns);
        await CheckAsync("http://10.9.8.7/x", strict, dns);
        Assert.Equal("ALLOWED_UPSTREAMS", (await RefusedAsync("https://ai.example:8443/x", strict, dns)).Setting);
        Assert.Equal("ALLOWED_UPSTREAMS", (await RefusedAsync("https://other.example/x", strict, dns)).Setting);
    }

    [Fact]
    public async Task A_listed_address_with_a_port_allows_that_port_only()
    {
        var listed = new Dictionary<string, string?> { ["ALLOWED_UPSTREAMS"] = "[::1]:8000,127.0.0.1:8000,192.168.1.5" };
        await CheckAsync("http://[::1]:8000/", listed, new ScriptedDns());
        await CheckAsync("http://127.0.0.1:8000/", listed, new ScriptedDns());
        await CheckAsync("http://nas.example:1/", listed, new ScriptedDns().With("nas.example", "192.168.1.5"));
        await RefusedAsync("http://[::1]:8001/", listed, new ScriptedDns());
        await RefusedAsync("http://127.0.0.1:8001/", listed, new ScriptedDns());
    }

    [Fact]
    public async Task A_configured_service_may_be_called_on_its_own_port_even_while_its_name_does_not_resolve()
    {
        var services = ServiceSnapshot.Empty.With("visage", new Uri("http://visage:8000")).With("local", new Uri("http://127.0.0.1:9997"));
        var policy = new OutboundPolicy(
            new SecurityOptions { StrictUpstreams = true }, () => services, new ThisMachine(), new ScriptedDns());
        var stop = TestContext.Current.CancellationToken;
        await policy.CheckAsync(new Uri("http://visage:8000/api/predict_1"), null, stop, OutboundPurpose.Configured);
        await policy.CheckAsync(new Uri("http://127.0.0.1:9997/api/predict_1"), null, stop, OutboundPurpose.Configured);
        await Assert.ThrowsAsync<OutboundRefusedException>(
            async () => await policy.CheckAsync(new Uri("http://127.0.0.1:9998/"), null, stop, OutboundPurpose.Configured));
    }

    [Fact]
    public async Task An_unknown_name_is_refused_and_a_silent_name_server_is_not_held_against_the_client()
    {
        Assert.Contains(
            "no address", (await RefusedAsync("http://nowhere.example/", [], new ScriptedDns())).Message, StringComparison.Ordinal);
        await RefusedAsync("http://empty.example/", [], new ScriptedDns().With("empty.example"));
        await CheckAsync("http://later.example/", [], new ScriptedDns().Failing("later.example", SocketError.TryAgain));
    }

    [Fact]
    public async Task Of_several_addresses_only_the_allowed_ones_are_handed_out()
    {
        var policy = new OutboundPolicy(
            new SecurityOptions { TrustLan = true }, () => ServiceSnapshot.Empty, new ThisMachine(),
            new ScriptedDns().With("nas.local", "fe80::1", "192.168.1.5"));
        var addresses = await policy.FindAddressesAsync(OutboundPurpose.Named, "nas.local", 80, TestContext.Current.CancellationToken);
        Assert.Equal("192.168.1.5", Assert.Single(addresses).ToString());
    }

    private static async Task CheckAsync(string url, Dictionary<string, string?> settings, ScriptedDns dns)
    {
        var policy = new OutboundPolicy(
            SecurityOptions.From(TestServers.Settings(settings)), () => ServiceSnapshot.Empty, new ThisMachine(), dns);
        await policy.CheckAsync(new Uri(url, UriKind.RelativeOrAbsolute), "visage_api_url", TestContext.Current.CancellationToken);
    }

    private static Task<OutboundRefusedException> RefusedAsync(string url, Dictionary<string, string?> settings, ScriptedDns dns) =>
        Assert.ThrowsAsync<OutboundRefusedException>(() => CheckAsync(url, settings, dns));
}
