using StashAI.Adapters.Visage;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Queue.Model.Access;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>The routes for photos (C-03: two routes, one handler). Photos are stored while they arrive.</summary>
internal sealed class VisageRoutes(JobIntake intake, VisageJobs jobs, IntakeLimits limits) : IJobForms
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
        operation == VisageAdapter.Identify ? upload => new PhotoListForm(upload, limits, jobs, PhotoListForm.AnyList) : null;

    private Task SubmitListAsync(HttpContext context) =>
        intake.SubmitAsync(context, upload => new PhotoListForm(upload, limits, jobs, PhotoListForm.Images));

    private Task SubmitOneAsync(HttpContext context) => intake.SubmitAsync(context, upload => new PhotoForm(upload, limits, jobs));
}
