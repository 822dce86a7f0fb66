namespace StashAI.Hosting.Clients;

/// <summary>Determines the <see cref="ClientAddress"/> of each request and keeps it as a feature of the request.</summary>
public static class ClientAddresses
{
    /// <summary>Register it first, so that all other middleware can read the address.</summary>
    public static void UseClientAddresses(this IApplicationBuilder app, TrustedProxies proxies) => app.Use((context, next) =>
    {
        context.Features.Set(proxies.ClientOf(context));
        return next(context);
    });

    /// <summary>The client that sent this request.</summary>
    public static ClientAddress ClientAddress(this HttpContext context) =>
        context.Features.Get<ClientAddress>() ?? TrustedProxies.None.ClientOf(context);
}
