using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace StashAI.Hosting;

/// <summary>
/// A web application that is what its code says. The framework's own settings (<c>ASPNETCORE_*</c>, <c>DOTNET_*</c>, <c>Kestrel__*</c>,
/// <c>FORWARDEDHEADERS_ENABLED</c>, <c>URLS</c>, an appsettings.json beside the program) could open it to other addresses, trust any proxy or load other
/// assemblies, past our own settings and their checks; none of them is read.
/// </summary>
public static class PlainWebApplication
{
    private const string TelemetryPrefix = "OTEL_";

    /// <summary>A builder with Kestrel and routing, and OpenTelemetry's variables for its exporters; nothing else comes from outside.</summary>
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Microsoft.Extensions.Hosting.Environments.Production,
        });
        AddTelemetrySettings(builder.Configuration);
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        return builder;
    }

    /// <summary>The variables of OpenTelemetry, which its exporters read from the host's configuration.</summary>
    public static void AddTelemetrySettings(IConfigurationBuilder configuration)
    {
        var all = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        configuration.AddInMemoryCollection(all.AsEnumerable().Where(one => one.Key.StartsWith(TelemetryPrefix, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>
    /// Our own settings: the environment, and above it what code has put into <paramref name="host"/>. The host never sees the environment, since it
    /// would take settings of its own from there.
    /// </summary>
    public static IConfiguration OwnSettings(IConfiguration host) =>
        new ConfigurationBuilder().AddEnvironmentVariables().AddConfiguration(host).Build();
}
