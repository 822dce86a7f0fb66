using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StashAI.Gateway.Access;
using StashAI.Gateway.Live.Connections;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Services;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Live;

/// <summary>
/// The live routes alone, on a free port, over any store. Its feed is one that nobody writes to, as in a gateway without workers.
/// </summary>
internal sealed class LiveHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private LiveHost(WebApplication app, ErrorLog errors)
    {
        (this.app, Errors) = (app, errors);
        Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public string Url { get; }

    public ErrorLog Errors { get; }

    public QueueFeed Feed => app.Services.GetRequiredService<QueueFeed>();

    public static async Task<LiveHost> StartAsync(IQueueStore store, LiveLimits? limits = null, IRead? reads = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var errors = new ErrorLog();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(errors);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(reads ?? store.Read);
        builder.Services.AddSingleton(store.Measure);
        builder.Services.AddSingleton(store.SigningKeys);
        builder.Services.AddSingleton<IUpstreamResolver>(new LiteralUpstreams());
        builder.Services.AddSingleton(new PublicUrl((string?)null));
        builder.Services.AddSingleton<PictureLinks>();
        builder.Services.AddSingleton<QueueFeed>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ILiveJobs, PlainJobs>();
        builder.Services.AddExceptionHandler<GatewayExceptions>();
        if (limits is not null) builder.Services.AddSingleton(limits);
        LiveRoutes.Add(builder.Services);
        // Everybody is the owner here, so nothing has to look at what the routes need.
        builder.Services.Configure<RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);
        var app = builder.Build();
        app.UseProblems();
        app.UseWebSockets();
        app.Use((context, next) =>
        {
            context.Features.Set(Caller.Owner);
            return next(context);
        });
        LiveRoutes.Map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new LiveHost(app, errors);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }
}
