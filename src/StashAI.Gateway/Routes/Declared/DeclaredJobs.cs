using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>Creates jobs for declared services: checks and stores the items, and reads the other fields of a request.</summary>
internal sealed class DeclaredJobs(
    UpstreamSelector upstreams, OutboundPolicy policy, AllowedFolders folders, IntakeLimits limits, SecretVault vault,
    ServiceCatalog catalog, TimeProvider clock)
    : IJobForms, IConfigChanges
{
    public JobFormOpener? Find(IServiceAdapter service, AdapterOperation operation) =>
        catalog.Find(service.Manifest.Name) is { } entry && entry.Find(operation.Name) is { } own
            ? Opener(entry, own, isSingle: false)
            : null;

    public ReadOnlyMemory<byte>? Change(JobView job, JsonElement changes)
    {
        if (catalog.Find(job.Service) is not { } entry) return null;
        var secrets = entry.Adapter.Manifest.SecretConfig;
        var merged = ConfigMerge.Of(Decrypted(job, secrets), changes, DeclaredCost.Keys);
        using var document = JsonDocument.Parse(merged);
        var config = DeclaredRequest.CheckConfig(entry, document.RootElement);
        var price = entry.Operations.FirstOrDefault(one => one.Operation.TaskType == job.TaskType)?.Cost;
        return JobCost.Keep(vault.Seal(entry.Name, config, secrets), price);
    }

    /// <summary>The form of a body for one operation.</summary>
    public JobFormOpener Opener(ServiceEntry entry, ServiceOperation operation, bool isSingle) => upload =>
    {
        upload.KeepLargeInputsApart();
        return new DeclaredForm(
            this,
            entry,
            operation,
            new DeclaredItemSink(upload, operation.Item, operation.FileFields, folders, policy, limits) { Instance = entry.Address },
            isSingle,
            clock);
    };

    /// <summary>Reads the job of a request.</summary>
    public async Task<Submission> SubmissionOfAsync(
        ServiceEntry entry, ServiceOperation operation, DeclaredRequest request, DeclaredItemSink items, bool isSingle,
        CancellationToken cancellationToken)
    {
        var upstream = await SelectAsync(entry, operation, request, cancellationToken);
        items.CheckInstance(upstream);
        var job = new NewJob
        {
            Service = entry.Name,
            JobType = operation.Operation.JobType,
            TaskType = operation.Operation.TaskType,
            Upstream = upstream,
            Name = request.Name.Length == 0 && isSingle ? Submission.NameOfOne(entry.Name) : request.Name,
            IsSingleTask = isSingle,
            UserId = request.UserId,
            SessionId = request.SessionId,
            Config = JobCost.Keep(vault.Seal(entry.Name, request.Config, entry.Adapter.Manifest.SecretConfig), operation.Cost),
        };
        return new Submission(
            request.Settings.Apply(job, operation.Operation),
            total => total == 1 ? "The item is queued." : $"{total} items are queued.",
            (json, _) =>
            {
                json.WriteString("operation", operation.Name);
                json.WriteString("api_url", request.Url);
                json.WriteNull("visage_api_url");
            });
    }

    private ReadOnlyMemory<byte> Decrypted(JobView job, IReadOnlyList<string> secrets)
    {
        try
        {
            return vault.Decrypt(job.Service, job.Config, secrets);
        }
        catch (InvalidOperationException exception)
        {
            throw RequestException.Invalid("config", exception.Message);
        }
    }

    /// <summary>The address of the instance; the adapter appends the operation's path.</summary>
    private async Task<Uri> SelectAsync(
        ServiceEntry entry, ServiceOperation operation, DeclaredRequest request, CancellationToken cancellationToken)
    {
        var selected = await upstreams.SelectAsync(
            entry.Name, request.Url, "/", (path, isAlias) => isAlias || path == "/" || path == operation.Path ? "/" : null,
            request.UrlField, cancellationToken);
        if (selected.Scheme == ServiceUri.Scheme) return ServiceUri.For(entry.Name, "/" + selected.Query);
        var address = selected.GetLeftPart(UriPartial.Path);
        var instance = operation.Path.Length > 1 && address.EndsWith(operation.Path, StringComparison.Ordinal)
            ? new Uri(address[..^operation.Path.Length] + "/" + selected.Query)
            : selected;
        if (entry.Refuse(operation, instance) is { } reason) throw RequestException.Invalid(request.UrlField, reason);
        return instance;
    }
}
