using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>Creates the jobs of requests for the face service.</summary>
internal sealed class VisageJobs(UpstreamSelector upstreams, TimeProvider clock)
{
    /// <summary>Reads the job of a body with photos.</summary>
    /// <param name="body">The body without its photos.</param>
    /// <param name="members">The members of the body that hold photos.</param>
    /// <param name="items">The photos.</param>
    /// <param name="isSingle">True for a single task.</param>
    /// <param name="cancellationToken">Cancels the look-up of an address.</param>
    /// <exception cref="OutboundRefusedException">The address may not be called.</exception>
    /// <exception cref="RequestException">A field is not valid.</exception>
    public async Task<Submission> SubmissionOfAsync(
        JsonElement body, IReadOnlyList<string> members, DeclaredItemSink items, bool isSingle, CancellationToken cancellationToken)
    {
        var request = VisageRequest.Read(
            body, VisageAdapter.Identify, members, items.Count, arePhotos: true, clock.GetUtcNow());
        return await SubmissionOfAsync(
            request, items, VisageAdapter.Identify, VisagePaths.Identify,
            request.Name.Length == 0 && isSingle ? request.NameOfOne : request.Name, isSingle, "photo", cancellationToken);
    }

    /// <summary>Reads the job of a request for an operation.</summary>
    /// <param name="request">The request.</param>
    /// <param name="items">The items.</param>
    /// <param name="operation">The operation for each item.</param>
    /// <param name="path">The operation's path at the configured service.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="isSingle">True for a single task.</param>
    /// <param name="what">The word for an item.</param>
    /// <param name="cancellationToken">Cancels the look-up of an address.</param>
    public async Task<Submission> SubmissionOfAsync(
        VisageRequest request, DeclaredItemSink items, AdapterOperation operation, string path, string name, bool isSingle, string what,
        CancellationToken cancellationToken)
    {
        if (request.ItemIds is { } list) await items.IdentifyAsync(list.Ids, list.Field, cancellationToken);
        var upstream = await upstreams.SelectAsync(
            VisageAdapter.Name, request.Url, path, static (given, _) => VisagePaths.Find(given), request.UrlField, cancellationToken);
        var job = new NewJob
        {
            Service = VisageAdapter.Name,
            JobType = operation.JobType,
            TaskType = operation.TaskType,
            Upstream = upstream,
            Name = name,
            IsSingleTask = isSingle,
            UserId = request.UserId,
            SessionId = request.SessionId,
            Config = request.Config,
        };
        return new Submission(
            request.Settings.Apply(job, operation),
            total => total == 1 ? $"The {what} is queued." : $"{total} {what}s are queued.",
            (json, _) =>
            {
                json.WriteString("visage_api_url", request.Url);
                json.WriteNumber("threshold_used", request.Threshold);
            });
    }
}
