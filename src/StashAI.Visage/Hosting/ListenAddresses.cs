using StashAI.Hosting.Addresses;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>Checks the addresses to listen on.</summary>
internal static class ListenAddresses
{
    /// <exception cref="ArgumentException">
    /// An address is not a URL, or is open to the network although <see cref="VisageOptions.AllowLan"/> is off.
    /// </exception>
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
                throw new ArgumentException(
                    $"VISAGE_URLS has '{url}', which is not a valid address; use an address such as http://127.0.0.1:9997.");
            }

            if (!options.AllowLan && !LoopbackBinding.Is(address))
            {
                throw new ArgumentException(
                    $"VISAGE_URLS has '{url}', which is open to the network. "
                    + "Visage has no API keys, so everyone who can reach it could identify faces with it. "
                    + "Listen on 127.0.0.1, or set VISAGE_ALLOW_LAN=true.");
            }
        }
    }
}
