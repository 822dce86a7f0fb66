using StashAI.Server.Api.Previews;
using StashAI.Server.Api.Queue;
using StashAI.Server.Api.Services;
using StashAI.Server.Api.Submit;
using StashAI.Server.Api.Visage;

namespace StashAI.Server.Api;

/// <summary>All routes under `/api`, and what they are made of.</summary>
internal static class ApiRoutes
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton<BodyReader>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<JobWaiter>();
        services.AddSingleton<EtaReader>();
        services.AddSingleton<JobAnswer>();
        services.AddSingleton<Submitter>();
        services.AddSingleton<PreviewReader>();
        services.AddSingleton<ServiceList>();
        services.AddSingleton<VisageRoutes>();
        return services;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        VisageRoutes.Map(routes);
        VisageResultRoutes.Map(routes);
        JobRoutes.Map(routes);
        ResultRoutes.Map(routes);
        TaskRoutes.Map(routes);
        TaskListRoutes.Map(routes);
        StatusRoutes.Map(routes);
        StatsRoutes.Map(routes);
        RetryRoutes.Map(routes);
        PauseRoutes.Map(routes);
        ServiceRoutes.Map(routes);
    }
}
