using StashAI.Hosting.Addresses;

namespace StashAI.Hosting.Origins;

/// <summary>Puts the check of Host and Origin into a program.</summary>
public static class HostOrigins
{
    public static IServiceCollection AddHostOrigins(this IServiceCollection services, HostOriginRules rules)
    {
        services.AddSingleton(rules);
        services.AddSingleton<PrivateNameLookup>();
        return services.AddSingleton<RefusedOrigins>();
    }

    /// <summary>It stands behind what finds the client's address, and before everything that answers.</summary>
    public static void UseHostOrigins(this IApplicationBuilder app) => app.UseMiddleware<HostOriginMiddleware>();
}
