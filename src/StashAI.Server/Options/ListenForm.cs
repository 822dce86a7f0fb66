using Microsoft.AspNetCore.Http;
using StashAI.Hosting.Settings;

namespace StashAI.Server.Options;

/// <summary>The form of a setting with addresses to listen on, separated by ';'.</summary>
internal static class ListenForm
{
    public static SettingForm<IReadOnlyList<string>?> Of(string example) =>
        new("URLs, separated by `;`", $"an address to listen on such as {example}", (text, out value) =>
        {
            var urls = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            value = urls;
            return urls.Length > 0 && Array.TrueForAll(urls, CanBind);
        });

    private static bool CanBind(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address is { Scheme: "http", IsUnixPipe: true }
                || address is { Scheme: "http", Port: >= 0 and <= 65535, PathBase: "" } && address.Host.Length > 0
                && (address.Host is "*" or "+" || Uri.TryCreate(url, UriKind.Absolute, out _));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
