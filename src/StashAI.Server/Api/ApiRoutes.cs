using Microsoft.Extensions.DependencyInjection.Extensions;
using StashAI.Queue.Live;
using StashAI.Sdk;
using StashAI.Server.Api.Batch;
using StashAI.Server.Api.Demo;
using StashAI.Server.Api.Direct;
using StashAI.Server.Api.Health;
using StashAI.Server.Api.Interactions;
using StashAI.Server.Api.Previews;
using StashAI.Server.Api.Queue;
using StashAI.Server.Api.Services;
using StashAI.Server.Api.Submit;
using StashAI.Server.Api.Visage;
using StashAI.Server.Api.Visage.Compare;
using StashAI.Server.Api.Visage.Pictures;
using StashAI.Server.Live;
using StashAI.Server.Upstreams;

namespace StashAI.Server.Api;

/// <summary>All routes under `/api`, and what they are made of.</summary>
internal static class ApiRoutes
{
    public static IServiceCollection AddApi(this IServiceCollection services, string dataDirectory)
    {
        services.AddSingleton<IHealthContributor, QueueHealth>();
        services.AddSingleton<HealthReport>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<JobWaiter>();
        services.AddSingleton<EtaReader>();
        services.AddSingleton<JobAnswer>();
        services.AddSingleton(new DirectMemory(DirectMemory.DefaultLimit));
        services.AddSingleton<HeldUploads>();
        services.AddSingleton<DirectFallback>();
        services.AddSingleton<Submitter>();
        services.TryAddSingleton(PreviewPace.Default);
        services.AddSingleton<PreviewShelf>();
        services.AddSingleton<PreviewMaker>();
        services.AddHostedService(provider => provider.GetRequiredService<PreviewMaker>());
        services.AddSingleton<ServiceList>();
        services.AddSingleton<VisageRoutes>();
        services.AddSingleton<PictureLinks>();
        services.AddSingleton<PictureRoutes>();
        services.AddSingleton<CompareRoutes>();
        services.AddSingleton<InteractionRoutes>();
        services.AddSingleton<RecordStatus>();
        services.AddSingleton<BatchItems>();
        services.AddSingleton<BatchRoutes>();
        services.AddSingleton<ILiveInteractions, SocketInteractions>();
        services.AddHostedService<InteractionNews>();
        services.AddSingleton(new DemoPictures(dataDirectory));
        services.AddSingleton<DemoRoutes>();
        return services;
    }

    /// <summary>Services that are this server itself; a worker has them too.</summary>
    public static IServiceCollection AddOwnServices(this IServiceCollection services)
    {
        services.AddSingleton<InteractionFeed>();
        services.AddSingleton<IServiceAdapter, InteractionsAdapter>();
        services.AddSingleton<IServiceAdapter, SessionsAdapter>();
        return services;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var configured = routes.ServiceProvider.GetRequiredService<ConfiguredServices>();
        configured.Declare(InteractionsAdapter.Name);
        configured.Declare(SessionsAdapter.Name);
        VisageRoutes.Map(routes);
        CompareRoutes.Map(routes);
        VisageResultRoutes.Map(routes);
        PictureRoutes.Map(routes);
        JobRoutes.Map(routes);
        ResultRoutes.Map(routes);
        TaskRoutes.Map(routes);
        TaskListRoutes.Map(routes);
        StatusRoutes.Map(routes);
        StatsRoutes.Map(routes);
        RetryRoutes.Map(routes);
        PauseRoutes.Map(routes);
        ServiceRoutes.Map(routes);
        InteractionRoutes.Map(routes);
        SessionRoutes.Map(routes);
        BatchRoutes.Map(routes);
        DemoRoutes.Map(routes);
        InstructionRoutes.Map(routes);
    }
}
