using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>A body for a service in code: <c>items</c>, or its only list; for a single task, the body is the item.</summary>
internal sealed class AdapterForm(
    AdapterJobs jobs, IServiceAdapter service, AdapterOperation operation, AdapterItemSink items, bool isSingle)
    : JobForm
{
    public override BodyShape Shape { get; } = isSingle
        ? new() { RootFiles = operation.FileFields }
        : new() { IsAnyList = true, Files = operation.FileFields };

    public override IItemSink Sink => items;

    public override async Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken)
    {
        var root = Object(body);
        if (isSingle)
        {
            if (!body.HasOpenItem) items.BeginItem(new PayloadPath("", null));
            await items.EndItemAsync(WebhookAddress.WithoutInConfig(root), cancellationToken);
        }

        if (items.Count == 0)
        {
            throw RequestException.Missing(BodyShape.Items, "items is missing or empty: send a list with an item for each task.");
        }

        return await jobs.SubmissionOfAsync(root, service, operation, isSingle, cancellationToken);
    }
}
