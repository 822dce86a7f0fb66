using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Origins;
using StashAI.Testing.Files;
using StashAI.Visage;
using StashAI.Visage.Models;
using StashAI.Visage.Settings;

namespace StashAI.Gateway.Tests.Access;

/// <summary>Gateway and Visage answer the same hosts, pages and addresses alike: generated requests go to both.</summary>
public sealed class WebRulesTests
{
    private const string Hosts = "nas.example,*.lan.example";
    private const string Origins = "https://stash.example,https://*.pages.example,http://any.example:*,moz-extension://0a1b-2c";

    private static readonly string[] Names =
    [
        "localhost", "a.localhost", "127.0.0.1", "127.1", "[::1]", "192.168.1.5", "10.0.0.1", "172.16.3.4", "172.32.0.1", "100.64.0.1",
        "169.254.1.1", "8.8.8.8", "[fd12::5]", "[fe80::1]", "[2001:db8::1]", "[::ffff:10.0.0.1]", "0x7f.1", "nas.example", "NAS.example.",
        "a.lan.example", "lan.example", "evil.example", "stash.example", "x.pages.example", "pages.example", "any.example", "stash.lan",
        "stash", "stash.local", "stash.home.arpa", "stash.internal", "public.lan", "mixed.lan", "here.lan", "unknown.lan",
        "rebound.example",
    ];

    private static readonly string[] Clients = ["127.0.0.1", "192.168.1.5", "8.8.8.8"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_programs_answer_the_same_hosts_origins_and_addresses_alike()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOWED_HOSTS"] = Hosts, ["CORS_ORIGINS"] = Origins, ["TRUSTED_PROXIES"] = "127.0.0.1", ["ALLOW_ANONYMOUS"] = "lan" },
            configure: builder => builder.Services.AddSingleton<IDnsResolver>(Dns()));
        using var folder = new TempFolder();
        await using var visage = await StartVisageAsync(folder);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        var seen = new Dictionary<string, int>();
        foreach (var (name, port, scheme, client) in Cases())
        {
            foreach (var isHost in (bool[])[true, false])
            {
                var (host, origin) = isHost ? (name + port, null) : ((string?)null, $"{scheme}://{name}{port}");
                var expected = await AskAsync(http, new Uri(gateway.Url), host, origin, client);
                var answered = await AskAsync(http, visage.Address(), host, origin, client);
                Assert.True(
                    expected == answered, $"Host {host}, Origin {origin}, client {client}: the gateway says {expected}, Visage {answered}");
                seen[expected] = seen.GetValueOrDefault(expected) + 1;
            }
        }

        // Allowed, refused for its origin, and refused for its host: all have come up.
        Assert.True(seen.Count >= 3, string.Join("; ", seen));
    }

    [Theory]
    [InlineData("http://stash.lan:9999", "192.168.1.9", true)]
    [InlineData("http://stash.lan:9999", "127.0.0.1", true)]
    [InlineData("https://stash.local", "10.1.2.3", true)]
    [InlineData("http://stash.home.arpa:9999", "10.1.2.3", true)]
    [InlineData("http://stash.internal", "10.1.2.3", true)]
    [InlineData("http://stash:9999", "10.1.2.3", true)]
    [InlineData("http://stash.lan:9999", "203.0.113.9", false)] // a caller of the internet
    [InlineData("http://public.lan:9999", "192.168.1.9", false)]
    [InlineData("http://mixed.lan:9999", "192.168.1.9", false)]
    [InlineData("http://unknown.lan:9999", "192.168.1.9", false)]
    [InlineData("http://rebound.example", "192.168.1.9", false)] // its owner says that it is private, and may say anything
    [InlineData("http://here.lan:9999", "127.0.0.1", true)]
    [InlineData("http://here.lan:9999", "192.168.1.9", false)] // another machine's own name
    [InlineData("moz-extension://stash", "192.168.1.9", false)]
    public async Task A_private_name_is_allowed_while_it_is_of_this_network(string origin, string client, bool isAllowed)
    {
        await using var app = await TestServers.StartAsync(
            map => map.MapPost("/", () => "hello"), new() { ["TRUSTED_PROXIES"] = "127.0.0.1" }, dns: Dns());
        using var http = new HttpClient();

        Assert.Equal(isAllowed, await AskAsync(http, app.Address(), null, origin, client) == $"204 {origin}");
        using var write = new HttpRequestMessage(HttpMethod.Post, app.Address());
        write.Headers.Add("Origin", origin);
        write.Headers.Add("X-Forwarded-For", client);
        using var response = await http.SendAsync(write, Cancellation);
        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Each_refused_origin_is_logged_once_with_the_setting_that_allows_it()
    {
        var log = new ErrorLog();
        await using var app = await TestServers.StartAsync(map => map.MapMethods("/", ["GET", "POST"], () => "hello"), log: log);
        using var http = new HttpClient();

        for (var i = 0; i < 3; i++)
        {
            foreach (var origin in (string[])["https://stash.example:8443", "http://unknown.lan:9999", "null"])
            {
                await AskAsync(http, app.Address(), null, origin, "127.0.0.1");
                using var read = new HttpRequestMessage(HttpMethod.Get, app.Address());
                read.Headers.Add("Origin", origin);
                (await http.SendAsync(read, Cancellation)).Dispose();
            }
        }

        Assert.Equal(3, log.Warnings.Count);
        Assert.Single(log.Warnings, line => line.Contains("CORS_ORIGINS=https://stash.example:8443", StringComparison.Ordinal));
        Assert.Single(log.Warnings, line => line.Contains("CORS_ORIGINS=http://unknown.lan:9999", StringComparison.Ordinal));
        Assert.Single(log.Warnings, line => line.Contains("'null'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://*.example.org", "https://a.example.org", true)]
    [InlineData("https://*.example.org", "https://a.b.example.org", true)]
    [InlineData("https://*.example.org", "https://example.org", false)]
    [InlineData("https://*.example.org", "http://a.example.org", false)]
    [InlineData("https://*.example.org", "https://a.example.org:8443", false)]
    [InlineData("https://*.example.org:*", "https://a.example.org:8443", true)]
    [InlineData("https://*.example.org:8443", "https://a.example.org:8443", true)]
    [InlineData("https://*.example.org", "https://aexample.org", false)]
    [InlineData("http://*.lan:9999", "http://stash.lan:9999", true)]
    [InlineData("http://*.lan", "http://stash.lan", true)]
    [InlineData("http://stash.lan:*", "http://stash.lan:9999", true)]
    [InlineData("http://stash.lan:*", "http://stash.lan", true)]
    [InlineData("http://stash.lan:*", "https://stash.lan", false)]
    [InlineData("HTTP://Stash.LAN/", "http://stash.lan", true)]
    [InlineData("http://stash.lan:80", "http://stash.lan", true)]
    [InlineData("http://[fd12::5]:*", "http://[fd12::5]:9999", true)]
    public void Patterns_of_origins_match(string pattern, string origin, bool matches) =>
        Assert.Equal(matches, OriginPattern.Parse(pattern)!.Matches(Origin.Parse(origin)!));

    [Theory]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("https://*")]
    [InlineData("https://*:9999")]
    [InlineData("*://stash.lan")]
    [InlineData("https://*.org")]
    [InlineData("https://*.*.example.org")]
    [InlineData("https://a.*.example.org")]
    [InlineData("https://a*.example.org")]
    [InlineData("https://*.1.2.3.4")]
    [InlineData("https://stash.lan:80:*")]
    [InlineData("https://stash.lan/*")]
    [InlineData("stash.lan")]
    public void Other_patterns_are_refused(string pattern) => Assert.Null(OriginPattern.Parse(pattern));

    private static ScriptedDns Dns() => new ScriptedDns()
        .With("stash.lan", "192.168.1.5").With("stash", "10.0.0.7").With("stash.local", "fd12::5", "192.168.1.5")
        .With("stash.home.arpa", "172.16.0.1")
        .With("stash.internal", "10.0.0.8").With("public.lan", "8.8.8.8").With("mixed.lan", "192.168.1.5", "8.8.8.8")
        .With("here.lan", "127.0.1.1")
        .With("rebound.example", "192.168.1.5");

    /// <summary>Every name with every kind of port, scheme and client, in a fixed order.</summary>
    private static IEnumerable<(string Name, string Port, string Scheme, string Client)> Cases() =>
        from name in Names
        from port in (string[])["", ":9999"]
        from scheme in (string[])["http", "https", "moz-extension"]
        from client in Clients
        select (name, port, scheme, client);

    private static async Task<string> AskAsync(HttpClient http, Uri address, string? host, string? origin, string client)
    {
        using var request = new HttpRequestMessage(origin is null ? HttpMethod.Get : HttpMethod.Options, new Uri(address, "health"));
        if (host is not null) request.Headers.TryAddWithoutValidation("Host", host);
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-mine");
        request.Headers.Add("X-Forwarded-For", client);
        using var response = await http.SendAsync(request, Cancellation);
        var allowed = response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : "";
        return $"{(int)response.StatusCode} {allowed}";
    }

    private static async Task<WebApplication> StartVisageAsync(TempFolder folder)
    {
        var models = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
            "stashai-tests",
            "models");
        try
        {
            await ModelStore.EnsureAsync(models, null, Cancellation);
        }
        catch (ModelsUnavailableException exception)
        {
            Assert.Skip(exception.Message);
        }

        var app = VisageApp.Build(
            new VisageOptions
            {
                Urls = "http://127.0.0.1:0",
                DataDirectory = folder.Path,
                ModelsDirectory = models,
                AllowedHosts = Hosts.Split(','),
                AllowedOrigins = [.. Origins.Split(',').Select(text => OriginPattern.Parse(text)!)],
                AllowLan = true,
                TrustedProxies = TrustedProxies.Parse("127.0.0.1"),
            },
            builder => builder.Services.AddSingleton<IDnsResolver>(Dns()));
        await app.StartAsync(Cancellation);
        return app;
    }
}
