using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Tests.Routes;
using StashAI.Hosting.Clients;
using StashAI.Queue.Model.Access;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Access;

/// <summary>The parts of access that need no server.</summary>
public sealed class ApiKeyTests
{
    [Fact]
    public void A_new_key_has_256_random_bits_behind_a_prefix_and_is_a_token()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKeyText.Create()).ToHashSet();

        Assert.Equal(100, keys.Count);
        Assert.All(keys, key =>
        {
            Assert.Matches("^stashai_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$", key);
            Assert.Equal(key[..16], ApiKeyText.PrefixOf(key));
            Assert.Equal(32, ApiKeyText.HashOf(key).Length);
        });
        Assert.Null(ApiKeyText.PrefixOf("stashai_"));
        Assert.Null(ApiKeyText.PrefixOf("something else that is long enough"));
    }

    [Fact]
    public void Keys_of_the_settings_have_scopes_and_names_without_their_texts()
    {
        using var folder = new TempFolder();
        File.WriteAllText(
            folder.File("keys"), "# operators\nadmin:the-key-of-an-operator\n\n  read:the-key-of-one-reader \nwith:colon-in-it-and-long\n");

        var keys = ConfiguredKeys.From(TestServers.Settings(new()
        {
            ["API_KEYS"] = "the-key-of-somebody-1,,READ:the-key-of-somebody-2",
            ["API_KEYS_FILE"] = folder.File("keys"),
        })).Current();

        Assert.Equal([ApiScope.Submit, ApiScope.Read, ApiScope.Admin, ApiScope.Read, ApiScope.Submit], keys.Select(key => key.Scope));
        Assert.Equal(
            ["API_KEYS", "API_KEYS", "API_KEYS_FILE", "API_KEYS_FILE", "API_KEYS_FILE"], keys.Select(key => key.Name.Split('-')[0]));
        Assert.Equal(5, keys.Select(key => key.Name).Distinct().Count());
        Assert.Equal(ApiKeyText.HashOf("the-key-of-one-reader"), keys[3].Hash.ToArray());
        Assert.Equal(ApiKeyText.HashOf("with:colon-in-it-and-long"), keys[4].Hash.ToArray());
    }

    [Fact]
    public void A_key_of_the_settings_keeps_its_name_wherever_it_stands_and_no_other_key_gets_it()
    {
        string[] texts = ["the-key-of-somebody-1", "the-key-of-somebody-2", "the-key-of-somebody-3"];
        string[] NamesOf(params string[] keys) =>
            [.. ConfiguredKeys.From(TestServers.Settings(new() { ["API_KEYS"] = string.Join(',', keys) }))
                .Current().Select(key => key.Name)];

        var names = NamesOf(texts);

        Assert.Equal(names[1..], NamesOf(texts[1..]));
        Assert.Equal(names.Reverse(), NamesOf([.. texts.Reverse()]));
        Assert.Equal(3, names.Distinct().Count());
        Assert.All(names, name => Assert.NotNull(ApiKeyName.Problem(name)));
    }

    [Theory]
    [InlineData("laptop", true)]
    [InlineData("Lena's phone ☎", true)]
    [InlineData("", false)]
    [InlineData("two\nlines", false)]
    [InlineData("local", false)]
    [InlineData("Anonymous", false)]
    [InlineData("API_KEYS[1]", false)]
    [InlineData("api_keys_file-1a2b3c4d", false)]
    public void The_name_of_a_key_is_that_of_no_other_caller(string name, bool isFine) =>
        Assert.Equal(isFine, ApiKeyName.Problem(name) is null);

    [Fact]
    public async Task An_expired_key_opens_nothing_also_while_the_database_cannot_be_read_and_does_not_open_the_server()
    {
        var clock = new FakeTimeProvider();
        var expiry = clock.GetUtcNow().AddMinutes(1);
        var store = new KeyList
        {
            Keys = [new ApiKey("p", ApiKeyText.HashOf("secret"), "n", ApiScope.Read, default, null) { ExpiresAt = expiry }],
        };
        using var ring = RingOf(store, clock);
        Assert.NotNull(await ring.FindAsync("secret", TestContext.Current.CancellationToken));
        Assert.Null(await ring.FindExpiryAsync("secret", TestContext.Current.CancellationToken));

        foreach (var keys in (IReadOnlyList<ApiKey>?[])[null, store.Keys])
        {
            store.Keys = keys;
            clock.Advance(TimeSpan.FromMinutes(1));

            Assert.Null(await ring.FindAsync("secret", TestContext.Current.CancellationToken));
            Assert.Equal(expiry, await ring.FindExpiryAsync("secret", TestContext.Current.CancellationToken));
            Assert.Null(await ring.FindExpiryAsync("guess", TestContext.Current.CancellationToken));
            Assert.False(await ring.HoldsAsync("p", TestContext.Current.CancellationToken));
            Assert.True(await ring.HasKeysAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task The_use_of_a_key_is_stored_at_once_and_then_once_a_minute()
    {
        var clock = new FakeTimeProvider();
        var store = new KeyList { Keys = [new ApiKey("p", ApiKeyText.HashOf("secret"), "n", ApiScope.Read, default, null)] };
        using var uses = new KeyUses(store, clock, NullLogger<KeyUses>.Instance);
        await uses.StartAsync(TestContext.Current.CancellationToken);
        using var ring = new ApiKeyRing(new SecurityOptions(), store, uses, clock, NullLogger<ApiKeyRing>.Instance);

        for (var minute = 0; minute < 3; minute++)
        {
            for (var i = 0; i < 100; i++) Assert.NotNull(await ring.FindAsync("secret", TestContext.Current.CancellationToken));
            Assert.Equal(["p"], await store.Touched.ReadAsync(TestContext.Current.CancellationToken));
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.False(store.Touched.TryRead(out _));
        await uses.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("API_KEYS", "admin:hunter2", "entry 1")]
    [InlineData("API_KEYS", "a-key-of-enough-characters,has a blank in the middle", "entry 2")]
    [InlineData("API_KEYS", "pässwört-with-enough-characters", "entry 1")]
    [InlineData("API_KEYS_FILE", "no/such/file", "cannot be read")]
    public void An_unusable_key_is_named_without_its_text(string setting, string value, string part)
    {
        var error = Assert.Throws<OptionsValidationException>(() => ConfiguredKeys.From(TestServers.Settings(new() { [setting] = value })));

        Assert.StartsWith(setting, error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_that_names_no_scope_needs_the_highest_and_an_unknown_path_the_one_of_its_method()
    {
        var route = new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/anything"), 0, null, null);

        Assert.Equal(ApiScope.Admin, RouteScope.Of(route, "GET"));
        Assert.Equal(ApiScope.Read, RouteScope.Of(null, "HEAD"));
        Assert.Equal(ApiScope.Submit, RouteScope.Of(null, "TRACE"));
    }

    [Fact]
    public async Task Every_route_names_its_scope_and_none_that_changes_anything_is_open()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var routes = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var isOpen = route.Metadata.GetMetadata<OpenRoute>() is not null;
            Assert.True(
                isOpen || route.Metadata.GetMetadata<RouteScope>() is not null,
                $"{route.RoutePattern.RawText} does not say what it needs.");
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                // These two change the browser's cookie only.
                var isOfBrowser = route.RoutePattern.RawText is "/api/login" or "/api/logout";
                Assert.False(
                    isOpen && !isOfBrowser && method is not ("GET" or "HEAD"),
                    $"{method} {route.RoutePattern.RawText} is open to everybody.");
            }
        }
    }

    [Fact]
    public void An_address_that_shows_many_wrong_keys_is_told_to_wait_and_this_machine_never_is()
    {
        using var throttle = new AuthThrottle();
        for (var i = 0; i < 20; i++)
        {
            Assert.False(Fail("192.0.2.1"));
            Assert.False(throttle.Fail(new ClientAddress(IPAddress.Loopback, true, IPAddress.Loopback)));
            Assert.False(throttle.Fail(new ClientAddress(null, true, null)));
            Assert.False(Fail(i % 2 == 0 ? "2001:db8:1:2::1" : "2001:db8:1:2:ffff::2"));
            Assert.False(throttle.Fail(new ClientAddress(IPAddress.Loopback, false, IPAddress.Loopback)));
        }

        foreach (var address in (string[])["192.0.2.1", "::ffff:192.0.2.1", "2001:db8:1:2::1", "2001:db8:1:2::3", "127.0.0.1"])
        {
            Assert.True(Fail(address), address);
        }

        Assert.False(Fail("192.0.2.2"));
        Assert.False(throttle.Fail(new ClientAddress(IPAddress.Loopback, true, IPAddress.Loopback)));

        bool Fail(string address) => throttle.Fail(new ClientAddress(IPAddress.Parse(address), false, IPAddress.Loopback));
    }

    [Theory]
    [InlineData("192.0.2.1", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData(null, true)]
    public async Task Without_keys_only_this_machine_comes_in(string? address, bool isLetIn)
    {
        using var ring = RingOf(new KeyList(), new FakeTimeProvider());
        using var throttle = new AuthThrottle();
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        var access = new AccessControl(
            new SecurityOptions(), ring, new Tickets(new NoTickets(), ring, new FakeTimeProvider()), throttle,
            NullLogger<AccessControl>.Instance);

        var caller = await access.FindAnonymousAsync(TrustedProxies.None.ClientOf(context), TestContext.Current.CancellationToken);

        Assert.Equal(isLetIn ? Caller.Owner : null, caller);
    }

    [Fact]
    public async Task While_the_database_cannot_be_read_the_last_keys_hold()
    {
        var clock = new FakeTimeProvider();
        var store = new KeyList { Keys = [new ApiKey("p", ApiKeyText.HashOf("secret"), "n", ApiScope.Read, default, null)] };
        using var ring = RingOf(store, clock);
        Assert.NotNull(await ring.FindAsync("secret", TestContext.Current.CancellationToken));

        store.Keys = null;
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.NotNull(await ring.FindAsync("secret", TestContext.Current.CancellationToken));
        Assert.True(await ring.HasKeysAsync(TestContext.Current.CancellationToken));
    }

    private static ApiKeyRing RingOf(KeyList store, TimeProvider clock) => new(
        new SecurityOptions(), store, new KeyUses(store, clock, NullLogger<KeyUses>.Instance), clock, NullLogger<ApiKeyRing>.Instance);

    [Fact]
    public void A_query_is_written_down_without_its_secrets()
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString("?ticket=abc&job_id=1%0a2&API_KEY=def&token=ghi");

        Assert.Equal("?ticket=***&job_id=1%0A2&API_KEY=***&token=***", AccessLog.Redact(context.Request.Query));
    }
}
