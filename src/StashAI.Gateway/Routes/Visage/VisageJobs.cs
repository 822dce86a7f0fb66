using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>Creates the jobs of requests for the face service.</summary>
internal sealed class VisageJobs(UpstreamSelector upstreams, TimeProvider clock)
{
    /// <summary>Reads the job of a body with photos.</summary>
    /// <param name="body">The body without its photos.</param>
    /// <param name="members">The members of the body that hold photos.</param>
    /// <param name="photos">The number of photos.</param>
    /// <param name="ids">The client's id of each photo, as JSON; empty for no ids.</param>
    /// <param name="isSingle">True for a single task.</param>
    /// <param name="cancellationToken">Cancels the look-up of an address.</param>
    /// <exception cref="OutboundRefusedException">The address may not be called.</exception>
    /// <exception cref="RequestException">A field is not valid.</exception>
    public Task<Submission> SubmissionOfAsync(
        JsonElement body, IReadOnlyList<string> members, int photos, IReadOnlyList<string?> ids, bool isSingle,
        CancellationToken cancellationToken)
    {
        var request = VisageRequest.Read(
            body, VisageAdapter.Identify, members, photos, clock.GetUtcNow(), ids.Count == 0 ? null : json => WriteIds(json, ids));
        return SubmissionOfAsync(
            request, VisageAdapter.Identify, VisagePaths.Identify, request.Name.Length == 0 && isSingle ? request.NameOfOne : request.Name,
            isSingle, "photo", cancellationToken);
    }

    /// <summary>Reads the job of a request for an operation.</summary>
    /// <param name="request">The request.</param>
    /// <param name="operation">The operation for each item.</param>
    /// <param name="path">The operation's path at the configured service.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="isSingle">True for a single task.</param>
    /// <param name="what">The word for an item.</param>
    /// <param name="cancellationToken">Cancels the look-up of an address.</param>
    public async Task<Submission> SubmissionOfAsync(
        VisageRequest request, AdapterOperation operation, string path, string name, bool isSingle, string what,
        CancellationToken cancellationToken)
    {
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
            request.Settings.Apply(job),
            total => total == 1 ? $"The {what} is queued." : $"{total} {what}s are queued.",
            (json, _) =>
            {
                json.WriteString("visage_api_url", request.Url);
                json.WriteNumber("threshold_used", request.Threshold);
            });
    }

    private static void WriteIds(Utf8JsonWriter json, IReadOnlyList<string?> ids)
    {
        json.WriteStartArray(ItemIds.Field);
        foreach (var id in ids)
        {
            if (id is null) json.WriteNullValue();
            else json.WriteRawValue(id, skipInputValidation: true);
        }

        json.WriteEndArray();
    }
}
