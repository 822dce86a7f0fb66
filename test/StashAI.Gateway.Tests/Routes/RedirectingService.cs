using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>A service that sends every caller elsewhere.</summary>
internal sealed class RedirectingService : IAsyncDisposable
{
    private readonly WebApplication app;

    private RedirectingService(string location)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
    }

    public string Url => app.Urls.First();

    public static async Task<RedirectingService> StartAsync(string location, CancellationToken cancellationToken)
    {
        var service = new RedirectingService(location);
        await service.app.StartAsync(cancellationToken);
        return service;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
