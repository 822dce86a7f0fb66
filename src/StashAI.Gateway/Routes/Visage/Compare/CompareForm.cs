using StashAI.Adapters.Visage;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage.Compare;

/// <summary>A body of comparisons.</summary>
internal sealed class CompareForm(
    MirroredUpload upload, AdapterOperation operation, DeclaredItemSink items, VisageJobs jobs, TimeProvider clock)
    : JobForm
{
    private readonly CompareTarget? target = operation == VisageAdapter.OneToMany ? new CompareTarget(upload) : null;
    private CompareSink? sink;

    public override BodyShape Shape { get; } = new()
    {
        Lists = [BodyShape.Items],
        Singles = operation == VisageAdapter.OneToMany ? [BodyShape.Item, CompareTarget.Field] : [BodyShape.Item],
        Files = items.FileFields,
    };

    public override IItemSink Sink => target is null ? items : sink ??= new CompareSink(items, target);

    public override async Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        var root = Object(body);
        items.Complete();
        if (items.Count == 0)
        {
            throw RequestException.Missing(BodyShape.Items, operation == VisageAdapter.Compare
                ? "No items provided: send at least one pair in items."
                : "No items provided: send at least one photo or person in items.");
        }

        target?.Complete();
        var request = VisageRequest.Read(
            root, operation, [.. Shape.Lists, .. Shape.Singles], items.Count, arePhotos: false, clock.GetUtcNow(),
            json => target?.Write(json));
        var submission = await jobs.SubmissionOfAsync(
            request, items, operation, VisagePaths.Compare, request.Name, isSingle: false, "comparison", cancellationToken);
        return submission with
        {
            Job = submission.Job with { Upstream = VisagePaths.Beside(submission.Job.Upstream, VisagePaths.Compare) },
        };
    }
}
