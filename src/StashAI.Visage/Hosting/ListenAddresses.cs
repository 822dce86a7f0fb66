using StashAI.Hosting.Addresses;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>Checks the addresses to listen on.</summary>
internal static class ListenAddresses
{
    /// <exception cref="ArgumentException">An address is no URL, or opens the service to the network without being allowed to.</exception>
    public static void Check(VisageOptions options)
    {
        foreach (var url in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress address;
            try
            {
                address = BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                throw new ArgumentException($"Urls (VISAGE_URLS) has '{url}', which is no address; write http://127.0.0.1:9997.");
            }

            if (!options.AllowLan && !LoopbackBinding.Is(address))
            {
                throw new ArgumentException(
                    $"Urls (VISAGE_URLS) has '{url}', which is open to the network, and Visage has no keys: everyone who reaches it may read and change "
                    + "the gallery. Listen on 127.0.0.1, or allow it with AllowLan (VISAGE_ALLOW_LAN=true).");
            }
        }
    }
}
