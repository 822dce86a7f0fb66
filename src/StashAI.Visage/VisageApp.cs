using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.ML.OnnxRuntime;
using Npgsql;
using StashAI.Hosting;
using StashAI.Hosting.Addresses;
using StashAI.Hosting.Answers;
using StashAI.Hosting.Bodies;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Files;
using StashAI.Hosting.Origins;
using StashAI.Hosting.Problems;
using StashAI.Hosting.Terminal;
using StashAI.Visage.Api;
using StashAI.Visage.Gallery;
using StashAI.Visage.Gallery.Postgres;
using StashAI.Visage.Gallery.Sqlite;
using StashAI.Visage.Hosting;
using StashAI.Visage.Inference;
using StashAI.Visage.Models;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;
using StashAI.Visage.Video;

namespace StashAI.Visage;

/// <summary>The face recognition service as a web application.</summary>
public static partial class VisageApp
{
    /// <summary>The exit code when the models are missing and cannot be fetched; a restart would not help.</summary>
    public const int ModelsMissingExitCode = 3;

    /// <summary>
    /// Builds the application without starting it. When it starts, the models must be in <see cref="VisageOptions.ModelsDirectory"/>; see
    /// <see cref="ModelStore.EnsureAsync"/>.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="configure">Changes the builder after everything was registered.</param>
    /// <exception cref="ArgumentException">A setting is not valid; the message names it.</exception>
    public static WebApplication Build(VisageOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ListenAddresses.Check(options);

        var builder = PlainWebApplication.CreateBuilder();
        builder.WebHost.UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.AddServerHeader = false;
            // GuardedBodies enforces the minimum rate of uploads instead.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.UseConnectionGate();
        });
        // The process that starts the service reads the one line on stdout; the log goes to stderr.
        EscapingLogFormatter.AddTo(builder.Logging, timestampFormat: null);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.TryAddSingleton<IDnsResolver, SystemDnsResolver>();
        builder.Services.AddHostOrigins(WebRules.Of(options));
        builder.Services.AddExceptionHandler<VisageExceptions>();
        builder.Services.AddSingleton(
            provider => new UntrustedProxies(VisageServiceSettings.Proxies.Name, provider.GetRequiredService<ILogger<UntrustedProxies>>()));

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddConnectionGate(_ => options.MaxConnections);
        builder.Services.AddSingleton(_ => new FaceModels(options.ModelsDirectory, options.Provider));
        builder.Services.AddSingleton<IGalleryStore>(_ => options.Database is { } database
            ? new PostgresGalleryStore(database)
            : new SqliteGalleryStore(options.DataDirectory));
        builder.Services.AddSingleton<GalleryTakeover>();
        builder.Services.AddSingleton<FaceGallery>();
        builder.Services.AddSingleton<GallerySecret>();
        builder.Services.AddSingleton<WorkGate>();
        builder.Services.AddSingleton<RecentPhotos>();
        builder.Services.AddSingleton<Enrolment>();
        builder.Services.AddSingleton<PredictRoutes>();
        builder.Services.AddSingleton<GalleryRoutes>();
        builder.Services.AddSingleton<RejectionRoutes>();
        builder.Services.AddSingleton<TransferRoutes>();
        builder.Services.AddSingleton<CompareRoutes>();
        builder.Services.AddSingleton<ClusterRoute>();
        builder.Services.AddSingleton<RematchRoute>();
        builder.Services.AddSingleton<GroupRoute>();
        builder.Services.AddSingleton<SpriteRoute>();
        builder.Services.AddSingleton<PreviewRoute>();
        builder.Services.AddSingleton<VideoTools>();
        builder.Services.AddSingleton<VideoReader>();
        builder.Services.AddSingleton<VideoRoute>();
        builder.Services.AddSingleton<HealthRoute>();
        builder.Services.AddHostedService<Startup>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseConnectionGate();
        app.UseClientAddresses(options.TrustedProxies);
        app.UsePublicAddresses(options.TrustedProxies, BasePath.None);
        app.Use((context, next) =>
        {
            context.Response.OnStarting(ForbidSniffing, context);
            return next(context);
        });
        app.UseProblems(VisageExceptions.OfStatus);
        app.UseHeadRequests();
        app.UseGuardedBodies(options.UploadPace, app.Services.GetRequiredService<TimeProvider>());
        app.UseHostOrigins();
        app.UseMiddleware<LocalClientCheck>();
        app.UseRouting();
        app.UseMiddleware<GalleryGuard>();
        app.UseMiddleware<QueryCheck>();
        app.Services.GetRequiredService<HealthRoute>().Map(app);
        app.Services.GetRequiredService<PredictRoutes>().Map(app);
        var gallery = app.MapGroup("").WithMetadata(new GalleryRoute());
        app.Services.GetRequiredService<GalleryRoutes>().Map(gallery);
        app.Services.GetRequiredService<RejectionRoutes>().Map(gallery);
        app.Services.GetRequiredService<TransferRoutes>().Map(gallery);
        app.Services.GetRequiredService<CompareRoutes>().Map(app);
        app.Services.GetRequiredService<ClusterRoute>().Map(app);
        app.Services.GetRequiredService<RematchRoute>().Map(app);
        app.Services.GetRequiredService<GroupRoute>().Map(app);
        app.Services.GetRequiredService<SpriteRoute>().Map(app);
        app.Services.GetRequiredService<PreviewRoute>().Map(app);
        app.Services.GetRequiredService<VideoRoute>().Map(app);
        return app;
    }

    /// <summary>
    /// Fetches the models if they are missing, starts the service, prints <c>Visage is ready at http://ADDRESS:PORT</c> (the only line on
    /// stdout; the log goes to stderr), and runs until it is cancelled or the process is asked to stop.
    /// </summary>
    /// <returns>
    /// The exit code: 0 after a clean stop, 3 when the models are missing, 1 when it could not start for another reason. stderr says why.
    /// </returns>
    public static async Task<int> RunAsync(
        VisageOptions options, CancellationToken cancellationToken, Action<WebApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            NativeHeap.ReturnLargeBlocks();
            ListenAddresses.Check(options);
            await ModelStore.EnsureAsync(options.ModelsDirectory, new ConsoleProgress(), cancellationToken);
            await using var app = Build(options, configure);
            foreach (var warning in PrivateFiles.Warnings(
                options.DataDirectory, Path.Combine(options.DataDirectory, SqliteGalleryStore.FileName), GallerySecret.PathOf(options)))
            {
                LogFileWarning(app.Logger, warning);
            }

            await app.StartAsync(cancellationToken);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            await Console.Out.WriteLineAsync($"Visage is ready at {address.TrimEnd('/')}");
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (ModelsUnavailableException exception)
        {
            await Console.Error.WriteLineAsync($"Visage cannot start: {exception.Message}");
            return ModelsMissingExitCode;
        }
        catch (Exception exception) when (options.Database is { } database
            && PostgresGalleryTroubles.Explain(exception, database.Name) is { } trouble)
        {
            await Console.Error.WriteLineAsync($"Visage cannot start: {trouble}");
            return 1;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException
            or IOException or UnauthorizedAccessException or SqliteException or NpgsqlException or OnnxRuntimeException)
        {
            await Console.Error.WriteLineAsync($"Visage cannot start: {exception.Message}");
            return 1;
        }
    }

    /// <summary>Pictures are untrusted; a browser must not interpret one as a page.</summary>
    private static Task ForbidSniffing(object state)
    {
        ((HttpContext)state).Response.Headers.XContentTypeOptions = "nosniff";
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogFileWarning(ILogger logger, string warning);
}
