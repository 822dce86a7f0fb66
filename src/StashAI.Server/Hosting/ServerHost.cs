using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Dialects;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Live.Connections;
using StashAI.Gateway.Pages;
using StashAI.Gateway.Routes;
using StashAI.Gateway.Routes.Batch;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Hosting;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Settings;
using StashAI.Queue.Engine;
using StashAI.Queue.Live;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Server.Exits;
using StashAI.Server.Options;
using StashAI.Server.Processes;
using StashAI.Visage.Settings;

namespace StashAI.Server.Hosting;

/// <summary>Composes the product: the gateway with its workers and its Visage child, or only workers.</summary>
internal static class ServerHost
{
    /// <summary>Runs gateway, workers and the Visage child until cancelled. Prints one line with the address when it is ready.</summary>
    public static async Task<int> RunAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        SettingsCatalog.Require(PlainWebApplication.OwnSettings(new ConfigurationBuilder().Build()), options);
        var database = new QueueDatabase(options.QueueDatabasePath, options.DatabaseServer, options.LogLevel, options.Payloads);
        await using var store = await database.OpenAsync(cancellationToken);
        await using var app = Build(options, store);
        HostingLog.QueueOpened(app.Logger, database.Name);
        var settings = PlainWebApplication.OwnSettings(app.Configuration);
        HostingLog.WarnAboutVariables(app.Logger, settings);
        HostingLog.WarnAboutFiles(
            app.Logger,
            [
                options.DataDirectory, .. database.Files, Path.Combine(options.DataDirectory, "visage"),
                settings[GatewaySettings.ApiKeysFile.Name], settings[ServerSettings.DatabaseUrlFile.Name],
                settings[ServerSettings.VisageDatabaseFile.Name],
            ]);
        await StartAsync(app, cancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.WriteLine($"StashAI Server is ready at {address}");
        await WaitAsync(app, app.Logger, cancellationToken);
        return 0;
    }

    /// <summary>Runs only workers on the queue of a server.</summary>
    public static async Task<int> RunWorkerAsync(WorkerOptions options, CancellationToken cancellationToken)
    {
        SettingsCatalog.Require(PlainWebApplication.OwnSettings(new ConfigurationBuilder().Build()), options);
        var database = new QueueDatabase(options.QueueDatabasePath, options.DatabaseServer, options.LogLevel, options.Payloads);
        // A worker joins a queue: in one of its own, nobody would ever give it work.
        await using var store = await database.OpenExistingAsync(cancellationToken);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        PlainWebApplication.AddTelemetrySettings(builder.Configuration);
        var settings = PlainWebApplication.OwnSettings(builder.Configuration);
        builder.Logging.AddStashAILogging(options.LogLevel);
        AddQueue(builder.Services, settings, store, "worker", options.Workers, options.DataDirectory, options.DatabaseServer is not null);
        Telemetry.Add(builder.Services, settings, isGateway: false);
        if (options is { VisageUrl: null, HasVisage: true })
        {
            builder.Services.AddSingleton(new VisageAddressFile(options.DataDirectory));
            builder.Services.AddHostedService<VisageFollower>();
        }

        using var host = builder.Build();
        // The gateway of this queue, if it is on this machine and at the default port.
        host.Services.GetRequiredService<ThisMachine>().AddPorts([ServeOptions.DefaultUrl]);
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("StashAI.Server");
        HostingLog.WarnAboutVariables(logger, settings);
        HostingLog.WarnAboutFiles(
            logger, [options.DataDirectory, .. database.Files, settings[ServerSettings.DatabaseUrlFile.Name]]);
        if (options.HasVisage || options.VisageUrl is not null)
        {
            host.Services.GetRequiredService<ServiceCatalog>()
                .Configure(VisageAdapter.Name, options.VisageUrl is { } visage ? BaseAddress(visage) : null);
        }

        await StartAsync(host, cancellationToken);
        Console.WriteLine($"StashAI worker is ready with {options.Workers} workers on {database.Name}");
        await WaitAsync(host, logger, cancellationToken);
        return 0;
    }

    /// <summary>Migrates the queue's database to this version's schema.</summary>
    public static async Task<int> MigrateAsync(MigrateOptions options, CancellationToken cancellationToken)
    {
        var database = new QueueDatabase(options.QueueDatabasePath, options.DatabaseServer, options.LogLevel);
        await using var store = await database.OpenExistingAsync(cancellationToken);
        Console.WriteLine($"{database.Name} has the schema of this version.");
        return 0;
    }

    /// <summary>The configured address may be the service's or one of its routes'; aliases add the route themselves.</summary>
    private static Uri BaseAddress(Uri visage)
    {
        var route = visage.AbsolutePath.IndexOf("/api/", StringComparison.Ordinal);
        return route < 0 ? visage : new Uri(visage.GetLeftPart(UriPartial.Authority) + visage.AbsolutePath[..route]);
    }

    /// <summary>How much of a body a connection buffers when it arrives faster than it is stored; twice as much when chunked.</summary>
    private const int ConnectionBuffer = 256 * 1024;

    /// <summary>Composes the gateway without starting it; <paramref name="customize"/> may change settings before they are read.</summary>
    internal static WebApplication Build(ServeOptions options, IQueueStore store, Action<WebApplicationBuilder>? customize = null)
    {
        var builder = PlainWebApplication.CreateBuilder();
        builder.Logging.AddStashAILogging(options.LogLevel);
        customize?.Invoke(builder);
        builder.WebHost.UseUrls([.. options.Urls]);
        var settings = PlainWebApplication.OwnSettings(builder.Configuration);
        var limits = SettingsReader.Bind(settings, IntakeLimits.Read);
        var connections = SettingsReader.Bind(settings, reader => ConnectionSettings.Read(reader, options.Workers, FileLimit.Read()));
        builder.WebHost.UseSockets(sockets => sockets.MaxReadBufferSize = ConnectionBuffer);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBufferSize = ConnectionBuffer;
            // GET /api/events accepts some thousand ids, for which the default of 8 KB is too small.
            kestrel.Limits.MaxRequestLineSize = ConnectionBuffer / 2;
            // Slow clients are allowed, because an upload needs only about 2 MB; GuardedBodies ends uploads that hardly progress.
            kestrel.Limits.MinRequestBodyDataRate = null;
            var timeouts = kestrel.ApplicationServices.GetRequiredService<ConnectionSettings>();
            kestrel.Limits.RequestHeadersTimeout = timeouts.HeadTimeout;
            kestrel.Limits.KeepAliveTimeout = timeouts.IdleTimeout;
            kestrel.UseConnectionGate();
        });
        // Services stop in reverse order: the queue's last calls still need the face service.
        if (options is { VisageUrl: null, HasVisage: true }) AddVisageChild(builder.Services, options);
        builder.Services.AddHostedService<ServiceReopener>();
        AddQueue(builder.Services, settings, store, "serve", options.Workers, options.DataDirectory, options.DatabaseServer is not null);
        builder.Services.AddSettings(settings, IntakeLimits.Read);
        builder.Services.AddSettings(settings, PublicUrl.Read);
        builder.Services.AddSettings(settings, reader => ConnectionSettings.Read(reader, options.Workers, FileLimit.Read()));
        builder.Services.AddSingleton(SettingsReader.Bind(settings, reader => reader.Read(GatewaySettings.BasePath)) ?? BasePath.None);
        builder.Services.AddConnectionGate(provider => provider.GetRequiredService<ConnectionSettings>().MaxConnections);
        builder.Services.AddSettings(settings, DirectSettings.Read);
        builder.Services.AddSettings(settings, reader => ContainerHost.Read(reader, settings));
        builder.Services.AddSingleton<UpstreamSelector>();
        builder.Services.AddSingleton(SettingsReader.Bind(
            settings, reader => new GallerySecret(reader.Read(VisageServiceSettings.SecretFile) ?? SecretIn(options.DataDirectory))));
        builder.Services.AddApi(options.DataDirectory);
        builder.Services.AddSingleton(options);
        builder.Services.AddAccess();
        LiveRoutes.Add(builder.Services, connections.MaxConnections);
        builder.Services.AddDeclaredApi(settings);
        builder.Services.AddDialects();
        builder.Services.AddPages();
        Telemetry.Add(builder.Services, settings, isGateway: true);

        var app = builder.Build();
        var machine = app.Services.GetRequiredService<ThisMachine>();
        machine.AddPorts(options.Urls);
        // Port 0 has been replaced by the actual port.
        app.Lifetime.ApplicationStarted.Register(() => machine.AddPorts(app.Urls));
        if (options.HasVisage || options.VisageUrl is not null)
        {
            app.Services.GetRequiredService<ServiceCatalog>()
                .Configure(VisageAdapter.Name, options.VisageUrl is { } visage ? BaseAddress(visage) : null);
        }

        if (options is { HasVisage: true, VisageUrl: null }) FollowChild(app.Services, options.DataDirectory);
        Map(app);
        return app;
    }

    /// <summary>The file that the face service of this data folder reads too.</summary>
    private static string SecretIn(string dataDirectory) => Path.Combine(dataDirectory, "visage", VisageOptions.SecretFileName);

    private static void Map(WebApplication app)
    {
        app.UseAccess();
        HealthRoutes.Map(app);
        ProbeRoutes.Map(app);
        ApiRoutes.Map(app);
        DeclaredRoutes.Map(app);
        DialectRoutes.Map(app);
        LiveRoutes.Map(app);
        Telemetry.Map(app);
        PageRoutes.Map(app);
    }

    private static void AddQueue(
        IServiceCollection services, IConfiguration configuration, IQueueStore store, string role, int workers, string data,
        bool isShared)
    {
        services.AddSingleton<IHostLifetime, OwnedLifetime>();
        services.AddSecurity(configuration);
        services.AddSingleton(store.Read);
        if (store.Probe is { } probe) services.AddSingleton(probe);
        services.AddSingleton(store.ApiKeys);
        services.AddSingleton(store.Tickets);
        services.AddSingleton(store.Audit);
        services.AddSingleton(store.Schedules);
        services.AddSingleton(store.Webhooks);
        services.AddSingleton(store.Deliveries);
        services.AddSingleton(store.BodyUploads);
        services.AddSingleton(store.Files);
        services.AddSingleton(store.FileBatches);
        services.AddSingleton(store.ClientUploads);
        services.AddSingleton(store.Previews);
        services.AddSingleton(store.SigningKeys);
        services.AddSingleton(store.Measure);
        services.AddSingleton(store.Sessions);
        services.AddSingleton(store.Interactions);
        services.AddSingleton<QueueFeed>();
        services.AddSingleton<IServiceAdapter>(SettingsReader.Bind(configuration, VisageSettings.Read));
        services.AddOwnServices();
        services.AddServiceFiles(configuration, data);
        services.AddSingleton(provider =>
        {
            var catalog = provider.GetRequiredService<ServiceCatalog>();
            return new ServiceRegistry(() => catalog.Current.Callable);
        });
        services.AddSingleton<IUpstreamResolver>(provider => provider.GetRequiredService<ServiceCatalog>());
        services.AddSingleton(new SecretVault(SecretKey.From(configuration, data, isShared)));
        services.AddSettings(
            configuration, reader => QueueSettings.Read(reader, workers) with
            {
                Role = role,
                Version = HealthRoutes.Version,
                DataDirectory = data,
            });
        services.AddSingleton(provider => new QueueEngine(
            store,
            provider.GetRequiredService<ServiceRegistry>(),
            provider.GetRequiredService<IUpstreamResolver>(),
            SetUpCalls(provider),
            provider.GetRequiredService<QueueOptions>(),
            provider.GetRequiredService<QueueFeed>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetService<IMeterFactory>(),
            // Only the gateway reaches the gallery.
            provider.GetService<ISubjectSource>()));
        services.AddHostedService(provider => provider.GetRequiredService<QueueEngine>());
        // Longer than the queue's own limits: 20 s for running calls, 5 s for aborted ones.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(40));
    }

    private static CallSetup SetUpCalls(IServiceProvider provider)
    {
        var clients = provider.GetRequiredService<OutboundHttpClientFactory>();
        return new CallSetup(
            clients.Create(OutboundPurpose.Configured), clients.Create(OutboundPurpose.Named), clients.FetchFor,
            provider.GetRequiredService<SecretVault>())
        {
            // Only the gateway has clients that wait for answers in pieces.
            ReceiverOf = provider.GetService<CallStreams>() is { } streams ? streams.FindReceiver : static (_, _) => null,
        };
    }

    private static void AddVisageChild(IServiceCollection services, ServeOptions options)
    {
        services.AddSingleton(new VisageChildOptions
        {
            DataDirectory = options.DataDirectory,
            Database = options.GalleryServer,
            ModelsDirectory = options.ModelsDirectory,
            PreferredPort = options.VisagePort,
            LogLevel = options.LogLevel,
        });
        services.AddSingleton(OwnProgram.Current());
        services.AddSingleton<VisageChild>();
        services.AddHostedService(provider => provider.GetRequiredService<VisageChild>());
        services.AddSingleton<IHealthContributor, VisageCheck>();
    }

    private static void FollowChild(IServiceProvider services, string dataDirectory)
    {
        var catalog = services.GetRequiredService<ServiceCatalog>();
        var shared = new VisageAddressFile(dataDirectory);
        services.GetRequiredService<VisageChild>().AddressChanged += address =>
        {
            catalog.Configure(VisageAdapter.Name, address);
            shared.Write(address);
        };
    }

    /// <summary>Starts the host. When a part fails, the parts that have already started must stop before they are disposed.</summary>
    private static async Task StartAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch
        {
            await host.StopAsync(CancellationToken.None);
            throw;
        }
    }

    private static async Task WaitAsync(IHost host, ILogger logger, CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(stopping.SetResult);
        await stopping.Task;
        HostingLog.Stopping(logger);
        await host.StopAsync(CancellationToken.None);
        HostingLog.Stopped(logger);
    }
}
