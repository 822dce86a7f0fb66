using System.Text.Json;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Requests;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>Creates jobs for services in code, whose adapters describe their items.</summary>
internal sealed class AdapterJobs(UpstreamSelector upstreams, TimeProvider clock)
{
    /// <summary>The form of a body for one operation.</summary>
    public JobFormOpener Opener(IServiceAdapter service, AdapterOperation operation, bool isSingle) =>
        upload => new AdapterForm(this, service, operation, new AdapterItemSink(upload, operation), isSingle);

    /// <summary>Reads the job of a body.</summary>
    public async Task<Submission> SubmissionOfAsync(
        JsonElement body, IServiceAdapter service, AdapterOperation operation, bool isSingle, CancellationToken cancellationToken)
    {
        var name = service.Manifest.Name;
        var root = JsonFields.Root(body);
        var config = new JsonFields("config", root.Object("config"));
        // For a single task, the body is the item, and a service in code reads its own configuration.
        if (!isSingle) root.RefuseUnknown(["items", "config", "user_id", "session_id", "api_url", .. RouteType.Fields]);
        if (!isSingle) RouteType.Check(root, name, operation.Name);
        if (service.Manifest.IsLocal) config.RefuseUnknown(JobSettings.Keys);
        var job = JobSettings.Read(config, clock.GetUtcNow()).Apply(new NewJob
        {
            Service = name,
            JobType = operation.JobType,
            TaskType = operation.TaskType,
            Upstream = await AddressAsync(service, operation, root, config, cancellationToken),
            Name = config.Text("job_name") ?? (isSingle ? Submission.NameOfOne(name) : ""),
            IsSingleTask = isSingle,
            UserId = OfJob("user_id"),
            SessionId = OfJob("session_id"),
            Config = WebhookAddress.Without(root.Object("config")),
        }, operation);
        // A field of a single task's body belongs to the item.
        string? OfJob(string field) => isSingle ? config.Text(field) : SameValue.Text((config, field), (root, field))?.Text;

        return new Submission(job, total => total == 1 ? "The item is queued." : $"{total} items are queued.", (_, _) => { });
    }

    private async Task<Uri> AddressAsync(
        IServiceAdapter service, AdapterOperation operation, JsonFields root, JsonFields config, CancellationToken cancellationToken)
    {
        var name = service.Manifest.Name;
        if (service.Manifest.IsLocal) return new Uri($"local://{name}/");
        var path = $"/{operation.Name}";
        var url = SameValue.Text((root, "api_url"), (config, "api_url"));
        return await upstreams.SelectAsync(
            name, url?.Text, path, (given, _) => given == "/" || given == path ? path : null, url?.Field ?? "api_url", cancellationToken);
    }
}
