using Generated;
using Generated.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

// The address of the server is in the generated client, from `servers`.
using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider());
var client = new StashAIClient(adapter);
var photos = new VisageJobRequest { Images = ["Z29vZA==", "Z29vZCB0b28="], Config = new() { JobName = "By Kiota", Threshold = 0.6 } };

var acknowledged = await client.Api.Visage.Job.PostAsync(photos);
Check(acknowledged is { Status: SubmitStatusWord.Queued, TaskIds.Count: 2 }, "submit");
var id = acknowledged!.JobId!.Value;

var status = await client.Api.Queue.Status[id].GetAsync(request => request.Headers.Add("Prefer", "wait=60"));
Check(status?.JobStatus is { Status: JobStatusWord.Completed, Results.Count: 2 }, "wait");

var waited = await client.Api.Visage.Job.PostAsync(photos, request => request.Headers.Add("Prefer", "wait=60"));
Check(waited is { Status: SubmitStatusWord.Completed, Results.Count: 2 }, "submit and wait");

var jobs = await client.Api.Queue.Jobs.GetAsync(request => request.QueryParameters.Limit = 10);
Check(jobs!.Jobs!.Any(job => job.JobId == id && job is { State: JobState.Completed, JobName: "By Kiota" }), "list");

var results = await client.Api.Queue.Job[id].Results.GetAsync();
Check(results!.Results!.All(result => result is { State: TaskState.Completed, OutputJson: not null }), "read");

var task = await client.Api.Queue.Status[acknowledged.TaskIds![0]!.Value].GetAsync();
Check(task?.TaskStatus is { State: TaskState.Completed }, "read a task");

try
{
    await client.Api.Queue.Job[Guid.NewGuid()].GetAsync();
    Check(false, "refusal");
}
catch (Problem problem)
{
    Check(problem.Status == 404, "refusal");
}

static void Check(bool isRight, string what)
{
    if (!isRight) throw new InvalidOperationException(what + " is wrong");
    Console.WriteLine(what);
}
