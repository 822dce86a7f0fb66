using System.Text.Json;
using Generated;

// The address of the server is in the generated client, from `servers`.
using var http = new HttpClient();
var client = new StashAIClient(http);
var photos = new VisageJobRequest { Images = ["Z29vZA==", "Z29vZCB0b28="], Config = new() { Job_name = "By NSwag", Threshold = 0.6 } };

var acknowledged = await client.VisageJobAsync(null, null, null, photos);
Check(acknowledged.Status == SubmitStatusWord.Queued && acknowledged.Task_ids!.Count == 2, "submit");

var status = await client.StatusAsync(acknowledged.Job_id, null, null, null, "wait=60", null);
Check(JsonSerializer.Serialize(status).Contains("completed", StringComparison.Ordinal), "wait");

var waited = await client.VisageJobAsync(null, "wait=60", null, photos);
Check(waited.Status == SubmitStatusWord.Completed && waited.Results!.Count == 2, "submit and wait");

var jobs = await client.JobsAsync(10, null, null, null, null, null, null, null, null, null, null);
Check(jobs.Jobs.Any(job => job.Job_id == acknowledged.Job_id && job.State == JobState.Completed && job.Job_name == "By NSwag"), "list");

var results = await client.JobResultsAsync(acknowledged.Job_id, null, null, null, null);
Check(results.Results.All(result => result.State == TaskState.Completed && result.Output_json is not null), "read");

var detail = await client.JobAsync(acknowledged.Job_id, null, null, null, null);
Check(detail.Tasks.Count == 2 && detail.Tasks.All(task => task.Error_kind is null), "read the tasks");

try
{
    await client.JobAsync(Guid.NewGuid(), null, null, null, null);
    Check(false, "refusal");
}
catch (ApiException<Problem> exception)
{
    Check(exception.Result.Status == 404, "refusal");
}

static void Check(bool isRight, string what)
{
    if (!isRight) throw new InvalidOperationException(what + " is wrong");
    Console.WriteLine(what);
}
