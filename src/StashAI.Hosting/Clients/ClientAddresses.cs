namespace StashAI.Hosting.Clients;

/// <summary>Puts the <see cref="ClientAddress"/> of each request among its features, once and before anything asks for it.</summary>
public static class ClientAddresses
{
    public static void UseClientAddresses(this IApplicationBuilder app, TrustedProxies proxies) => app.Use((context, next) =>
    {
        context.Features.Set(proxies.ClientOf(context));
        return next(context);
    });

    /// <summary>Who sent this request.</summary>
    public static ClientAddress ClientAddress(this HttpContext context) =>
        context.Features.Get<ClientAddress>() ?? TrustedProxies.None.ClientOf(context);
}
