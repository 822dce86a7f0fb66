using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace StashAI.Hosting;

/// <summary>
/// A web application that ignores the framework's own settings (<c>ASPNETCORE_*</c>, <c>DOTNET_*</c>, <c>Kestrel__*</c>,
/// <c>FORWARDEDHEADERS_ENABLED</c>, <c>URLS</c>, appsettings.json). They could open other addresses, trust any proxy or load other
/// assemblies without passing the checks of our own settings.
/// </summary>
public static class PlainWebApplication
{
    private const string TelemetryPrefix = "OTEL_";

    /// <summary>A builder with Kestrel and routing. Its configuration holds only the variables of OpenTelemetry.</summary>
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

    /// <summary>Adds the variables of OpenTelemetry (<c>OTEL_*</c>), which its exporters read from the host's configuration.</summary>
    public static void AddTelemetrySettings(IConfigurationBuilder configuration)
    {
        var all = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        configuration.AddInMemoryCollection(
            all.AsEnumerable().Where(variable => variable.Key.StartsWith(TelemetryPrefix, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>
    /// The application's own settings: the environment, overridden by <paramref name="host"/>. The host's configuration never contains the
    /// environment, because the framework would read its own settings from there.
    /// </summary>
    public static IConfiguration OwnSettings(IConfiguration host) =>
        new ConfigurationBuilder().AddEnvironmentVariables().AddConfiguration(host).Build();
}
