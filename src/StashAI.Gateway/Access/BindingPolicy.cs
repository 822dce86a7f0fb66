using StashAI.Gateway.Settings;

namespace StashAI.Gateway.Access;

/// <summary>Without an API key, the server listens only on loopback, unless the operator allows more (C-24).</summary>
internal static class BindingPolicy
{
    /// <summary>Checks the addresses the server is about to listen on.</summary>
    /// <param name="urls">
    /// Addresses in Kestrel's form: <c>http://127.0.0.1:9998</c>, <c>http://*:80</c>, <c>http://unix:/run/a.sock</c>.
    /// </param>
    /// <param name="hasApiKey">True when callers must show a key.</param>
    /// <param name="options">For ALLOW_ANONYMOUS.</param>
    /// <returns>Null when the addresses are allowed, or one sentence that says why the server does not start.</returns>
    public static string? Check(IEnumerable<string> urls, bool hasApiKey, SecurityOptions options)
    {
        foreach (var url in urls)
        {
            if (Parse(url) is not { } address)
            {
                return $"Cannot listen on '{url}': it is not an address like http://127.0.0.1:9998.";
            }

            if (!hasApiKey && options.AllowAnonymous == AnonymousAccess.Loopback && !LoopbackBinding.Is(address))
            {
                return $"Refusing to listen on {url} without an API key, because everyone on the network could use this server: "
                    + $"listen on 127.0.0.1, make a key with `{FirstKey.Command}` (for a container `{FirstKey.BeforeContainer}`), "
                    + $"or set {SecurityOptions.AllowAnonymousSetting}=lan to allow it.";
            }
        }

        return null;
    }

    private static BindingAddress? Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
