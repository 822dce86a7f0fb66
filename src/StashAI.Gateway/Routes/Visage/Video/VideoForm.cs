using StashAI.Adapters.Visage;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Visage.Video;

/// <summary>A body of videos: one task each.</summary>
internal sealed class VideoForm(DeclaredItemSink items, VisageJobs jobs, TimeProvider clock) : ItemForm(Fields)
{
    /// <summary>In a form, settings hold for all videos; text parts of their own only name the next one.</summary>
    private static readonly FormFields Fields = new(
        VisageAdapter.Name, VisageAdapter.Video.Name,
        VideoItems.Item with { Properties = [.. VideoItems.Item.Properties.Where(property => property.Key == VideoItems.Slot)] },
        [VideoItems.Slot]);

    public override BodyShape Shape { get; } = new()
    {
        Lists = [BodyShape.Items],
        Singles = [BodyShape.Item],
        Files = ["", VideoItems.Slot],
    };

    public override IItemSink Sink { get; } = new VideoSink(items);

    public override async Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        var root = Object(body);
        items.Complete();
        if (items.Count == 0)
            throw RequestException.Missing(BodyShape.Items, "No items provided: send at least one video in items.");
        var request = VisageRequest.Read(
            root, VisageAdapter.Video, [.. Shape.Lists, .. Shape.Singles], items.Count, arePhotos: false, clock.GetUtcNow());
        var submission = await jobs.SubmissionOfAsync(
            request, items, VisageAdapter.Video, VisagePaths.Video, request.Name, isSingle: false, "video", cancellationToken);
        return submission with
        {
            Job = submission.Job with { Upstream = VisagePaths.Beside(submission.Job.Upstream, VisagePaths.Video) },
        };
    }
}
