using StashAI.Adapters.Visage;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Wire.Docs;
using StashAI.Queue.Model.Access;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage.Compare;

/// <summary>Batches of comparisons: pairs, or one target with many (A068). Photos are stored while they arrive.</summary>
internal sealed class CompareRoutes(
    JobIntake intake, VisageJobs jobs, OutboundPolicy policy, AllowedFolders folders, IntakeLimits limits, TimeProvider clock)
    : IJobForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            "/api/visage/batch/compare",
            (HttpContext context, CompareRoutes compare) => compare.SubmitAsync(context, VisageAdapter.Compare))
            .Describe(CompareDocs.Pairs).Needs(ApiScope.Submit);
        routes.MapPost(
            "/api/visage/batch/one-to-many",
            (HttpContext context, CompareRoutes compare) => compare.SubmitAsync(context, VisageAdapter.OneToMany))
            .Describe(CompareDocs.OneToMany).Needs(ApiScope.Submit);
    }

    public JobFormOpener? Find(IServiceAdapter service, AdapterOperation operation) =>
        operation == VisageAdapter.Compare || operation == VisageAdapter.OneToMany ? Opener(operation) : null;

    private Task SubmitAsync(HttpContext context, AdapterOperation operation) => intake.SubmitAsync(context, Opener(operation));

    private JobFormOpener Opener(AdapterOperation operation) => upload => new CompareForm(
        upload,
        operation,
        operation == VisageAdapter.Compare
            ? new DeclaredItemSink(
                upload, CompareItems.PairItem, CompareItems.PairItem.FileFields, folders, policy, limits, CompareRules.Pair)
            // An item that is compared with a target may be just a photo.
            : new DeclaredItemSink(
                upload, CompareItems.OneToManyItem, ["", .. CompareItems.OneToManyItem.FileFields], folders, policy, limits,
                CompareRules.One),
        jobs,
        clock);
}
