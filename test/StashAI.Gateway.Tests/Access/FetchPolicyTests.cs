using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Access;

/// <summary>
/// Calling a configured service, calling an address that a job names, and fetching what an item names are three permissions.
/// </summary>
public sealed class FetchPolicyTests
{
    private static readonly string[] Loopback =
    [
        "127.0.0.1", "localhost", "LOCALHOST.", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "[::1]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "127\u30020\u30020\u30021", "alias.example", "b\u00fccher.example",
        "xn--bcher-kva.example",
    ];

    public static MatrixTheoryData<string, string> Lists { get; } = new(
        ["", "127.0.0.0/8,::1", "127.0.0.1,localhost,alias.example,[::1]", "127.0.0.1:9997,alias.example:9997"], ["false", "true"]);

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Items_are_never_read_from_a_configured_service_or_this_server_under_any_name(string upstreams, string trustLan)
    {
        var policy = Policy(new() { ["ALLOWED_UPSTREAMS"] = upstreams, ["TRUST_LAN"] = trustLan });
        foreach (var host in Loopback)
        {
            foreach (var port in (int[])[9997, 9998])
            {
                Assert.Equal(
                    "ALLOWED_FETCH_HOSTS",
                    (await RefusalAsync(policy, $"http://{host}:{port}/api/gallery/export", OutboundPurpose.Fetch))?.Setting);
            }
        }

        Assert.NotNull(await RefusalAsync(policy, "http://visage.internal:8000/api/gallery/export", OutboundPurpose.Fetch));
        Assert.NotNull(await RefusalAsync(policy, "http://10.9.9.9:8000/api/gallery/export", OutboundPurpose.Fetch));
        Assert.NotNull(await RefusalAsync(policy, "https://ai.example/models", OutboundPurpose.Fetch));
        Assert.NotNull(await RefusalAsync(policy, "http://0.0.0.0:9998/", OutboundPurpose.Fetch));
        Assert.NotNull(await RefusalAsync(policy, "http://me:pw@public.example/", OutboundPurpose.Fetch));
        Assert.Null(await RefusalAsync(policy, "http://public.example/a.png", OutboundPurpose.Fetch));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_job_names_no_other_configured_service_and_not_this_server_unless_host_and_port_are_listed(
        string upstreams, string trustLan)
    {
        var policy = Policy(new() { ["ALLOWED_UPSTREAMS"] = upstreams, ["TRUST_LAN"] = trustLan });
        foreach (var host in Loopback)
        {
            var isListed = upstreams.Contains(":9997", StringComparison.Ordinal)
                && HostNames.Of(new Uri($"http://{host}/")) is "127.0.0.1" or "alias.example"
                && upstreams.Contains(":9997", StringComparison.Ordinal);
            Assert.Equal(isListed, await RefusalAsync(policy, $"http://{host}:9997/api/gallery/import", OutboundPurpose.Named) is null);
            Assert.NotNull(await RefusalAsync(policy, $"http://{host}:9998/api/queue/pause", OutboundPurpose.Named));
        }

        Assert.Null(await RefusalAsync(policy, "http://127.0.0.1:9997/api/predict_1", OutboundPurpose.Configured));
    }

    [Fact]
    public async Task This_machine_is_not_read_from_because_the_lan_is_trusted()
    {
        var policy = Policy(new() { ["TRUST_LAN"] = "true" });
        foreach (var host in Loopback) Assert.NotNull(await RefusalAsync(policy, $"http://{host}:5000/", OutboundPurpose.Fetch));
        Assert.Null(await RefusalAsync(policy, "http://192.0.0.99.example:5000/", OutboundPurpose.Fetch));

        // Nor is a service elsewhere, by its own jobs: they would post what they read to it, and show its answer.
        Assert.NotNull(await RefusalAsync(policy, "http://visage.internal:8000/api/gallery/export", OutboundPurpose.FetchFromInstance));
        Assert.Null(await RefusalAsync(policy, "http://192.0.0.99.example:5000/", OutboundPurpose.FetchFromInstance));
    }

    [Fact]
    public async Task What_may_be_called_may_be_read_from_until_a_list_of_its_own_is_set()
    {
        var settings = new Dictionary<string, string?> { ["ALLOWED_UPSTREAMS"] = "127.0.0.1,10.0.0.0/8" };
        var without = Policy(settings);
        Assert.Null(await RefusalAsync(without, "http://127.0.0.1:5000/a.png", OutboundPurpose.Fetch));
        Assert.Null(await RefusalAsync(without, "http://10.1.1.1/a.png", OutboundPurpose.Fetch));
        Assert.Null(await RefusalAsync(without, "http://127.0.0.1:9997/a.png", OutboundPurpose.FetchFromInstance));
        Assert.NotNull(await RefusalAsync(without, "http://127.0.0.1:9998/a.png", OutboundPurpose.FetchFromInstance));

        var with = Policy(new(settings) { ["ALLOWED_FETCH_HOSTS"] = "127.0.0.1:9997,192.0.0.99.example" });
        Assert.NotNull(await RefusalAsync(with, "http://127.0.0.1:5000/a.png", OutboundPurpose.Fetch));
        Assert.NotNull(await RefusalAsync(with, "http://10.1.1.1/a.png", OutboundPurpose.Fetch));
        Assert.Null(await RefusalAsync(with, "http://127.0.0.1:9997/a.png", OutboundPurpose.Fetch));
        Assert.Null(await RefusalAsync(with, "http://192.0.0.99.example/a.png", OutboundPurpose.Fetch));
        Assert.Null(await RefusalAsync(with, "http://127.0.0.1:5000/", OutboundPurpose.Named));

        var none = Policy(new(settings) { ["ALLOWED_FETCH_HOSTS"] = "none" });
        Assert.NotNull(await RefusalAsync(none, "http://127.0.0.1:5000/a.png", OutboundPurpose.Fetch));
        Assert.NotNull(await RefusalAsync(none, "http://127.0.0.1:9997/a.png", OutboundPurpose.FetchFromInstance));
        Assert.Null(await RefusalAsync(none, "http://public.example/a.png", OutboundPurpose.Fetch));
    }

    [Fact]
    public async Task A_name_that_turns_to_a_configured_service_after_the_check_is_not_connected_to()
    {
        var reached = 0;
        await using var app = await TestServers.StartAsync(
            a => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(a, "/", () =>
            {
                reached++;
                return "the gallery";
            }));
        var services = ServiceSnapshot.Empty.With("visage", app.Address());
        var dns = new ScriptedDns().With("rebind.example", "93.184.216.34").With("rebind.example", "127.0.0.1");
        var policy = new OutboundPolicy(
            SecurityOptions.From(TestServers.Settings(new() { ["ALLOWED_UPSTREAMS"] = "127.0.0.0/8", ["TRUST_LAN"] = "true" })),
            () => services, new ThisMachine(), dns);
        using var factory = new OutboundHttpClientFactory(new OutboundConnector(policy, TimeProvider.System));
        using var fetch = factory.CreateFetch(new Uri("http://other.example/"));
        var url = new Uri($"http://rebind.example:{app.Address().Port}/");
        await policy.CheckAsync(url, null, TestContext.Current.CancellationToken, OutboundPurpose.Fetch);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => fetch.GetStringAsync(url, TestContext.Current.CancellationToken));

        Assert.IsType<OutboundRefusedException>(error.InnerException);
        Assert.Equal(0, reached);
        // A connection that was opened to call the service is not one to fetch over.
        using var call = factory.Create(OutboundPurpose.Configured);
        Assert.Equal("the gallery", await call.GetStringAsync(app.Address(), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<HttpRequestException>(() => fetch.GetStringAsync(app.Address(), TestContext.Current.CancellationToken));
        using var own = factory.CreateFetch(app.Address());
        Assert.Equal("the gallery", await own.GetStringAsync(app.Address(), TestContext.Current.CancellationToken));
    }

    private static OutboundPolicy Policy(Dictionary<string, string?> settings)
    {
        var services = ServiceSnapshot.Empty.With("visage", new Uri("http://127.0.0.1:9997"))
            .With("faces", new Uri("http://visage.internal:8000")).With("chat", new Uri("https://ai.example"));
        var machine = new ThisMachine();
        machine.AddPorts(["http://*:9998"]);
        var dns = new ScriptedDns().With("localhost", "127.0.0.1").With("alias.example", "127.0.0.1").With("xn--bcher-kva.example", "::1")
            .With("visage.internal", "10.9.9.9")
            .With("public.example", "93.184.216.34").With("ai.example", "93.184.216.35").With("192.0.0.99.example", "192.168.7.7");
        return new OutboundPolicy(SecurityOptions.From(TestServers.Settings(settings)), () => services, machine, dns);
    }

    private static async Task<OutboundRefusedException?> RefusalAsync(OutboundPolicy policy, string url, OutboundPurpose purpose)
    {
        try
        {
            await policy.CheckAsync(new Uri(url), "items[0]", TestContext.Current.CancellationToken, purpose);
            return null;
        }
        catch (OutboundRefusedException exception)
        {
            return exception;
        }
    }
}
