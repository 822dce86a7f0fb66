using Microsoft.Extensions.DependencyInjection.Extensions;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Routes.Batch;
using StashAI.Gateway.Routes.Bulk;
using StashAI.Gateway.Routes.Clusters;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Routes.Demo;
using StashAI.Gateway.Routes.Figures;
using StashAI.Gateway.Routes.Gallery;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Routes.Interactions;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Routes.People;
using StashAI.Gateway.Routes.Queue;
using StashAI.Gateway.Routes.Schedules;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Routes.Trials;
using StashAI.Gateway.Routes.Uploads;
using StashAI.Gateway.Routes.Visage;
using StashAI.Gateway.Routes.Visage.Compare;
using StashAI.Gateway.Routes.Visage.Video;
using StashAI.Gateway.Routes.Webhooks;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Interactions;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Previews;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Live;
using StashAI.Queue.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes;

/// <summary>All routes under <c>/api</c>, and what they are made of.</summary>
internal static class ApiRoutes
{
    public static IServiceCollection AddApi(this IServiceCollection services, string dataDirectory)
    {
        services.AddSingleton<IHealthContributor, QueueHealth>();
        services.AddSingleton<HealthReport>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<ServerFeatures>();
        services.AddSingleton<JobParts>();
        services.AddSingleton<JobIntake>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<JobWaiter>();
        services.AddSingleton<EtaReader>();
        services.AddSingleton<WaitReader>();
        services.AddSingleton<JobAnswer>();
        services.AddSingleton<Operations>();
        services.AddSingleton<JobDetailReader>();
        services.AddSingleton<RerunConfig>();
        services.AddSingleton<RerunRoutes>();
        services.AddSingleton<EditedInput>();
        services.AddSingleton<ServiceTestRoutes>();
        services.AddSingleton<ServiceImportRoutes>();
        services.AddSingleton<TaskCurlRoutes>();
        services.AddSingleton(new DirectMemory(DirectMemory.DefaultLimit));
        services.AddSingleton<MirroredUploads>();
        services.AddSingleton<DirectFallback>();
        services.AddSingleton<WebhookTargets>();
        services.AddSingleton<Submitter>();
        services.TryAddSingleton(PreviewPace.Default);
        services.TryAddSingleton<IPictureConverter, VisagePreviews>();
        services.AddSingleton<PreviewShelf>();
        services.AddSingleton<PreviewMaker>();
        services.AddHostedService(provider => provider.GetRequiredService<PreviewMaker>());
        services.AddSingleton<ServiceList>();
        services.AddSingleton<ServiceStates>();
        services.AddSingleton<ILiveServiceStates>(provider => provider.GetRequiredService<ServiceStates>());
        services.AddSingleton<ILiveJobs, FollowedJobs>();
        services.AddSingleton<JobPaces>();
        services.AddSingleton<VisageJobs>();
        services.AddSingleton<VisageRoutes>();
        services.AddSingleton<IConfigChanges, VisageConfigChanges>();
        services.AddSingleton<IBuiltInSchemas, VisageSchema>();
        services.AddSingleton<IJobForms>(provider => provider.GetRequiredService<VisageRoutes>());
        services.AddSingleton<PictureLinks>();
        services.AddSingleton<PictureRoutes>();
        services.AddSingleton<GalleryClient>();
        services.AddSingleton<ISubjectSource, GallerySubjects>();
        services.AddSingleton<PeopleFolder>();
        services.AddSingleton<ResultFaces>();
        services.AddSingleton<SubjectResults>();
        services.AddSingleton<GroupPeople>();
        services.AddSingleton<RejectedMembers>();
        services.AddSingleton<GroupNaming>();
        services.AddSingleton<CompareRoutes>();
        services.AddSingleton<IJobForms>(provider => provider.GetRequiredService<CompareRoutes>());
        services.AddSingleton<VideoRoutes>();
        services.AddSingleton<IJobForms>(provider => provider.GetRequiredService<VideoRoutes>());
        services.AddSingleton<InteractionRoutes>();
        services.AddSingleton<RecordStatus>();
        services.AddSingleton<AdapterJobs>();
        services.AddSingleton<BatchRoutes>();
        services.AddSingleton<UploadRoutes>();
        services.AddSingleton<ILiveInteractions, SocketInteractions>();
        services.AddHostedService<InteractionNews>();
        services.AddSingleton(new DemoPictures(dataDirectory));
        services.AddSingleton<DemoRoutes>();
        services.AddSingleton<ScheduleRequest>();
        services.AddSingleton<ScheduleOwners>();
        services.AddSingleton<ScheduleSubmit>();
        services.AddSingleton<IScheduledWork, ScheduleWork>();
        services.AddSingleton<ScheduleLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<ScheduleLoop>());
        services.AddSingleton<WebhookRequest>();
        services.AddSingleton<WebhookCall>();
        services.AddSingleton<WebhookLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<WebhookLoop>());
        return services;
    }

    /// <summary>Registers the services that this program implements itself; a worker has them too.</summary>
    public static IServiceCollection AddOwnServices(this IServiceCollection services)
    {
        services.AddSingleton<InteractionFeed>();
        services.AddSingleton<IServiceAdapter, InteractionsAdapter>();
        services.AddSingleton<IServiceAdapter, SessionsAdapter>();
        return services;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider.GetRequiredService<ServiceCatalog>();
        services.Configure(InteractionsAdapter.Name, null);
        services.Configure(SessionsAdapter.Name, null);
        VisageRoutes.Map(routes);
        CompareRoutes.Map(routes);
        VideoRoutes.Map(routes);
        VisageResultRoutes.Map(routes);
        PersonItemRoutes.Map(routes);
        PictureRoutes.Map(routes);
        GalleryRoutes.Map(routes);
        SplitRoutes.Map(routes);
        ErasureRoutes.Map(routes);
        GalleryTransferRoutes.Map(routes);
        ResultFaceRoutes.Map(routes);
        RejectionRoutes.Map(routes);
        JobEntryRoutes.Map(routes);
        TaskEntryRoutes.Map(routes);
        TaskRetryRoutes.Map(routes);
        FailureRoutes.Map(routes);
        JobChangeRoutes.Map(routes);
        RerunRoutes.Map(routes);
        RematchRoutes.Map(routes);
        ClusterRoutes.Map(routes);
        CompareJobRoutes.Map(routes);
        JobResultRoutes.Map(routes);
        BulkRoutes.Map(routes);
        ScheduleRoutes.Map(routes);
        WebhookRoutes.Map(routes);
        UploadRoutes.Map(routes);
        AuditRoutes.Map(routes);
        MeRoutes.Map(routes);
        NodeRoutes.Map(routes);
        KeyRoutes.Map(routes);
        JobRoutes.Map(routes);
        ResultRoutes.Map(routes);
        TaskRoutes.Map(routes);
        TaskListRoutes.Map(routes);
        StatusRoutes.Map(routes);
        StatsRoutes.Map(routes);
        RetryRoutes.Map(routes);
        PauseRoutes.Map(routes);
        ServiceRoutes.Map(routes);
        ServiceChangeRoutes.Map(routes);
        SeriesRoutes.Map(routes);
        CostRoutes.Map(routes);
        ServerRoutes.Map(routes);
        QuoteRoutes.Map(routes);
        TimelineRoutes.Map(routes);
        ServiceTestRoutes.Map(routes);
        ServiceImportRoutes.Map(routes);
        TaskCurlRoutes.Map(routes);
        InteractionRoutes.Map(routes);
        ActionRoutes.Map(routes);
        SessionRoutes.Map(routes);
        BatchRoutes.Map(routes);
        DemoRoutes.Map(routes);
        InstructionRoutes.Map(routes);
    }
}
