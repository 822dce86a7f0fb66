using StashAI.Gateway.Dialects.Anthropic.Batches;
using StashAI.Gateway.Dialects.Anthropic.Calls;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Gateway.Dialects.OpenAi.Calls;
using StashAI.Gateway.Dialects.OpenAi.Files;
using StashAI.Gateway.Dialects.OpenAi.Models;
using StashAI.Gateway.Dialects.OpenAi.Uploads;

namespace StashAI.Gateway.Dialects;

/// <summary>The APIs of others that this server speaks, for their SDKs. Each is an edge: it makes jobs and reads them.</summary>
internal static class DialectRoutes
{
    public static IServiceCollection AddDialects(this IServiceCollection services)
    {
        services.AddSingleton<ServedModels>();
        services.AddSingleton<BatchJobs>();
        services.AddSingleton<CallStreams>();
        services.AddSingleton<CallAnswers>();
        services.AddSingleton<DirectCalls>();
        AddOpenAi(services);
        services.AddSingleton<MessageBatchReader>();
        services.AddSingleton<MessageBatchJson>();
        services.AddSingleton<MessageResults>();
        services.AddSingleton<MessageBatchRoutes>();
        services.AddSingleton<MessageRoutes>();
        return services;
    }

    /// <summary>Stands before everything that may refuse a request.</summary>
    public static void UseDialects(this IApplicationBuilder app) => app.UseMiddleware<DialectEdge>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        FileRoutes.Map(routes);
        PartUploadRoutes.Map(routes);
        BatchRoutes.Map(routes);
        BatchFileRoutes.Map(routes);
        BatchRetryRoutes.Map(routes);
        ModelRoutes.Map(routes);
        CallRoutes.Map(routes);
        MessageBatchRoutes.Map(routes);
        MessageRoutes.Map(routes);
    }

    private static void AddOpenAi(IServiceCollection services)
    {
        services.AddSingleton<SameBytes>();
        services.AddSingleton<FileIntake>();
        services.AddSingleton<FileRoutes>();
        services.AddSingleton<PartUploadRoutes>();
        services.AddSingleton<BatchReader>();
        services.AddSingleton<BatchOutput>();
        services.AddSingleton<ServiceEndpoints>();
        services.AddSingleton<BatchSubmit>();
        services.AddSingleton<RetrySubmit>();
        services.AddSingleton<BatchLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<BatchLoop>());
        services.AddSingleton<BatchRoutes>();
        services.AddSingleton<BatchFileRoutes>();
        services.AddSingleton<BatchRetryRoutes>();
        services.AddSingleton<CallRoutes>();
    }
}
