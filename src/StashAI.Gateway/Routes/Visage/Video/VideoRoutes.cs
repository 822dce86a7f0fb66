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

namespace StashAI.Gateway.Routes.Visage.Video;

/// <summary>Batches of videos, which are stored while they arrive.</summary>
internal sealed class VideoRoutes(
    JobIntake intake, VisageJobs jobs, OutboundPolicy policy, AllowedFolders folders, IntakeLimits limits, TimeProvider clock)
    : IJobForms
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/api/visage/batch/video", (HttpContext context, VideoRoutes video) => video.SubmitAsync(context))
        .Describe(VideoDocs.Videos).Needs(ApiScope.Submit);

    public JobFormOpener? Find(IServiceAdapter service, AdapterOperation operation) => operation == VisageAdapter.Video ? Open : null;

    private Task SubmitAsync(HttpContext context) => intake.SubmitAsync(context, Open);

    private VideoForm Open(MirroredUpload upload) => new(
        new DeclaredItemSink(upload, VideoItems.Item, [VideoItems.Slot], folders, policy, limits)
        {
            FolderTypes = VideoFiles.Extensions,
            OmitsEmptyInput = true,
        },
        jobs,
        clock);
}
