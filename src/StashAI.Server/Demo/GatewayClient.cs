using System.Text.Json;
using StashAI.Server.Exits;

namespace StashAI.Server.Demo;

/// <summary>Submits the batch and reads its results through the gateway's HTTP API, as any client does.</summary>
internal sealed class GatewayClient(HttpClient http, Uri gateway)
{
    /// <exception cref="StartException">The gateway refused the batch.</exception>
    public async Task<JobAccepted> SubmitAsync(IReadOnlyList<DemoPhoto> photos, JobRequest request, CancellationToken cancellationToken)
    {
        var members = JsonSerializer.SerializeToUtf8Bytes(request, DemoJson.Default.JobRequest);
        using var content = new PhotoArrayContent("images", photos, members, areNamed: true);
        using var response = await http.PostAsync(new Uri(gateway, "/api/visage/job"), content, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new StartException($"the gateway refused the batch: {await Answers.ReasonAsync(response, cancellationToken)}");
        }
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return (await JsonSerializer.DeserializeAsync(body, DemoJson.Default.JobAccepted, cancellationToken))!;
    }

    /// <summary>The result of every photo, in the order of the batch.</summary>
    /// <exception cref="StartException">The gateway's answer is not as expected.</exception>
    public async Task<IReadOnlyList<PhotoResult>> ReadResultsAsync(
        string jobId,
        IReadOnlyList<DemoPhoto> photos,
        CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(
            new Uri(gateway, $"/api/queue/job/{jobId}?inputs=none"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new StartException($"the gateway did not return the results: {await Answers.ReasonAsync(response, cancellationToken)}");
        }
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var job = (await JsonSerializer.DeserializeAsync(body, DemoJson.Default.JobDetail, cancellationToken))!;
        if (job.Tasks.Count != photos.Count)
        {
            throw new StartException($"the gateway returned {job.Tasks.Count} results for {photos.Count} photos.");
        }
        return [.. job.Tasks.Zip(photos, Read)];
    }

    private static PhotoResult Read(JobDetailTask task, DemoPhoto photo) => task switch
    {
        { Status: "finished" or "completed", OutputJson: { } output } =>
            new PhotoResult(photo, VisageOutput.ReadFaces(output), task.ProcessingTimeMs, null),
        { Status: "finished" or "completed" } => new PhotoResult(photo, [], task.ProcessingTimeMs, "the task has no result"),
        _ => new PhotoResult(photo, [], task.ProcessingTimeMs, task.ErrorMessage ?? $"the task is {task.Status}"),
    };
}
