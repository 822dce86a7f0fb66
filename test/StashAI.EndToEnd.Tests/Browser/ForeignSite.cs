using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>A web server of another origin with one page and one script, as the site is that the plugin runs on.</summary>
internal sealed class ForeignSite : IAsyncDisposable
{
    private readonly WebApplication app;

    private ForeignSite(WebApplication app) => this.app = app;

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<ForeignSite> StartAsync(string address, string script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{address}:0");
        var app = builder.Build();
        app.MapGet(
            "/",
            () => Results.Content(
                "<!doctype html><title>Another site</title><link rel=icon href=data:,><script src=/script.js></script>", "text/html"));
        app.MapGet("/script.js", () => Results.Content(script, "text/javascript"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ForeignSite(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
