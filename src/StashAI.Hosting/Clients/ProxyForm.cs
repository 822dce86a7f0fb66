using StashAI.Hosting.Settings;

namespace StashAI.Hosting.Clients;

/// <summary>The form of settings that name trusted proxies.</summary>
public static class ProxyForm
{
    public static SettingForm<TrustedProxies?> Proxies { get; } = new(
        "addresses, networks, `unix`",
        "a list of addresses and networks of proxies, such as 127.0.0.1 or 10.0.0.0/24, or unix",
        (text, out value) =>
        {
            value = TrustedProxies.Parse(text);
            return true;
        });
}
