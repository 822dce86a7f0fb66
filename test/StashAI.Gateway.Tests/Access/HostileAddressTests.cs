using CsCheck;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Access;

/// <summary>Whatever a client writes as an address or origin is judged, never an error of the server.</summary>
public sealed class HostileAddressTests
{
    private static readonly string[] Parts =
    [
        "http://", "https://", "HTTP:", "//", "/", "\\", "@", ":", "[", "]", "%", "%00", "%2e", "%25", ".", "..", "-", "_", "a", "xn--",
        "xn--a", "ü", "ß", "\u3002", "\uFF0E", "①", "１２７", "127.0.0.1", "0x7f", "017", "999", "4294967296", "::1", "::ffff:",
        "fe80::1%eth0", "localhost", "\u200D", "\u00AD", "\uD83D\uDE00", "\uD800", " ", "\t", "\0", "#", "?", ":9997", ":99999", "/api/x",
        new string('a', 64), string.Concat(Enumerable.Repeat("abc.", 80)),
    ];

    private static readonly Gen<string> Addresses = Gen.OneOf(Parts).Array[0, 8].Select(parts => string.Concat(parts));

    [Fact]
    public async Task A_hostile_url_is_allowed_or_refused() =>
        await Gen.Select(Gen.OneOf("http://", ""), Addresses, (scheme, rest) => scheme + rest).SampleAsync(
            async text =>
            {
                if (!Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri))
                {
                    return;
                }

                var services = ServiceSnapshot.Empty.With("visage", new Uri("http://visage:8000"));
                var policy = new OutboundPolicy(new SecurityOptions(), () => services, new ThisMachine(), new StrictDns());
                try
                {
                    if (!ServiceSnapshot.Empty.IsAlias("visage", uri)) await policy.CheckAsync(uri, null, CancellationToken.None);
                }
                catch (OutboundRefusedException)
                {
                }
            },
            iter: 20000);

    [Fact]
    public void A_hostile_origin_or_host_is_allowed_or_refused() =>
        Gen.Select(Gen.OneOf("http://", "https://", ""), Addresses, (scheme, rest) => scheme + rest).Sample(
            text =>
            {
                _ = Origin.Parse(text)?.IsLocal;
                _ = HostNames.IsLocalhost(HostNames.Normalise(text));
                _ = UpstreamRule.Parse(text);
            },
            iter: 20000);

    /// <summary>Refuses names as the system's resolver does, without asking a name server.</summary>
    private sealed class StrictDns : IDnsResolver
    {
        public ValueTask<System.Net.IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(host.Length, 255);
            ArgumentException.ThrowIfNullOrEmpty(host);
            throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound);
        }
    }
}
