using StashAI.Adapters.Visage;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Wire.Docs;
using StashAI.Queue.Model.Access;
using StashAI.Sdk;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>The routes for photos (C-03: two routes, one handler). Photos are stored while they arrive.</summary>
internal sealed class VisageRoutes(JobIntake intake, VisageJobs jobs, OutboundPolicy policy, AllowedFolders folders, IntakeLimits limits)
    : IJobForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/visage/job", (HttpContext context, VisageRoutes visage) => visage.SubmitListAsync(context))
            .Describe(VisageDocs.Job).Needs(ApiScope.Submit);
        routes.MapPost("/api/visage/batch/identify", (HttpContext context, VisageRoutes visage) => visage.SubmitListAsync(context))
            .Describe(VisageDocs.Identify).Needs(ApiScope.Submit);
        routes.MapPost("/api/visage/task", (HttpContext context, VisageRoutes visage) => visage.SubmitOneAsync(context))
            .Describe(VisageDocs.Task).Needs(ApiScope.Submit);
    }

    public JobFormOpener? Find(IServiceAdapter service, AdapterOperation operation) =>
        operation == VisageAdapter.Identify ? upload => new PhotoListForm(OpenSink(upload), jobs, PhotoListForm.AnyList) : null;

    private Task SubmitListAsync(HttpContext context) =>
        intake.SubmitAsync(context, upload => new PhotoListForm(OpenSink(upload), jobs, PhotoListForm.Images));

    private Task SubmitOneAsync(HttpContext context) => intake.SubmitAsync(context, upload => new PhotoForm(OpenSink(upload), jobs));

    /// <summary>Receives photos for an upload.</summary>
    public PhotoSink OpenSink(MirroredUpload upload) =>
        new(new DeclaredItemSink(upload, PhotoItems.Item, [PhotoItems.Slot], folders, policy, limits)
        {
            FolderTypes = PhotoFiles.Extensions,
            OmitsEmptyInput = true,
        });
}
