using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StashAI.Server.Demo;
using StashAI.Server.Exits;

namespace StashAI.EndToEnd.Tests.Demo;

/// <summary>The demo as a client, with a gateway that misbehaves as the test needs.</summary>
public sealed class JobTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("stashai-test-");
    private readonly HttpClient http = new();

    public void Dispose()
    {
        http.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_body_of_a_batch_is_the_photos_in_order_and_the_settings()
    {
        await using var gateway = await new ScriptedGateway([]).StartAsync();
        byte[][] contents = [[], [1], [1, 2], Bytes(49151), Bytes(49152), Bytes(49153), Bytes(200_000)];

        var accepted = await new GatewayClient(http, gateway.Address).SubmitAsync(
            Photos(contents), new JobRequest("http://127.0.0.1:1/api/predict_1", new JobRequestConfig(0.65, "a \"name\"")), Cancellation);

        using var body = JsonDocument.Parse(gateway.Submitted!);
        Assert.Equal(("j1", 2), (accepted.JobId, accepted.TotalTasks));
        var images = body.RootElement.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal(contents, images.Select(image => image.GetProperty("image").GetBytesFromBase64()));
        Assert.Equal(
            Enumerable.Range(0, contents.Length).Select(i => $"{i}.jpg"),
            images.Select(image => image.GetProperty("item_name").GetString()));
        Assert.Equal("http://127.0.0.1:1/api/predict_1", body.RootElement.GetProperty("visage_api_url").GetString());
        Assert.Equal(0.65, body.RootElement.GetProperty("config").GetProperty("threshold").GetDouble());
        Assert.Equal("a \"name\"", body.RootElement.GetProperty("config").GetProperty("job_name").GetString());
    }

    [Fact]
    public async Task A_refused_batch_is_told_with_the_gateways_own_reason()
    {
        var refusal = Results.Problem("visage_api_url is not allowed here", statusCode: 422);
        await using var gateway = await new ScriptedGateway([]) { SubmitAnswer = refusal }.StartAsync();

        var thrown = await Assert.ThrowsAsync<StartException>(() => new GatewayClient(http, gateway.Address).SubmitAsync(
            Photos([1]), new JobRequest("http://x", new JobRequestConfig(0.5, "n")), Cancellation));

        Assert.Equal("the gateway refused the batch: visage_api_url is not allowed here", thrown.Message);
    }

    [Fact]
    public async Task Progress_is_followed_across_a_dropped_connection_to_the_final_message()
    {
        await using var gateway = await new ScriptedGateway(
            [
                """{"type":"connection_established"}""",
                """{"type":"subscription_confirmed","job_id":"j1"}""",
                Progress("running", 0),
                Progress("running", 1),
            ],
            [],
            [Progress("running", 1), Progress("completed", 2)]).StartAsync();
        var seen = new List<JobProgress>();

        var final = await new JobWatch(gateway.Address, TimeProvider.System).FollowAsync("j1", seen.Add, Cancellation);

        Assert.Equal(new JobProgress("j1", "completed", 2, 2, 0), final);
        Assert.Equal([0, 1, 1, 2], seen.Select(progress => progress.CompletedTasks));
        Assert.Equal(Enumerable.Repeat("""{"type":"subscribe_job","job_id":"j1"}""", 3), gateway.Subscriptions);
    }

    [Fact]
    public async Task A_server_that_always_drops_the_connection_is_given_up_in_words()
    {
        await using var gateway = await new ScriptedGateway([[]]).StartAsync();

        var thrown = await Assert.ThrowsAsync<StartException>(
            () => new JobWatch(gateway.Address, TimeProvider.System).FollowAsync("j1", _ => { }, Cancellation));

        Assert.Contains("/ws/demo", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_are_read_photo_by_photo_and_a_failed_task_keeps_its_reason()
    {
        await using var gateway = await new ScriptedGateway([])
        {
            JobDetail = """
                {"job_id":"j1","status":"partial","tasks":[
                {"task_id":"a","status":"finished","batch_index":0,"processing_time_ms":41.5,"error_message":null,
                 "output_json":{"data":[[
                   {"image":"/9j/","confidence":0.9,"performers":[],"box":{"x":300,"y":10,"width":50,"height":60}},
                   {"image":"/9j/","confidence":0.9,"performers":[{"id":"p","name":"Ann","confidence":91}],"box":{"x":20,"y":10.5,"width":50,"height":60}}]]}},
                {"task_id":"b","status":"failed","batch_index":1,"processing_time_ms":null,"error_message":"not a picture","output_json":null},
                {"task_id":"c","status":"finished","batch_index":2,"processing_time_ms":3,"error_message":null,"output_json":{"data":[[]]}}]}
                """,
        }.StartAsync();

        var results = await new GatewayClient(http, gateway.Address).ReadResultsAsync("j1", Photos([1], [2], [3]), Cancellation);

        Assert.Equal(
            [new DemoFace(new FaceBox(20, 10.5, 50, 60), new FaceMatch("p", "Ann", 91)), new DemoFace(new FaceBox(300, 10, 50, 60), null)],
            results[0].Faces);
        Assert.Equal((false, "not a picture"), (results[1].Completed, results[1].Error));
        Assert.Equal((true, 0), (results[2].Completed, results[2].Faces.Count));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Progress(string status, int completed) =>
        $$"""{"type":"job_progress","job_id":"j1","status":"{{status}}","total_tasks":2,"completed_tasks":{{completed}},"failed_tasks":0,"progress_percentage":{{completed * 50}}.0}""";

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private IReadOnlyList<DemoPhoto> Photos(params byte[][] contents) =>
    [
        .. contents.Select((bytes, index) =>
        {
            var path = Path.Combine(folder.FullName, $"{index}.jpg");
            File.WriteAllBytes(path, bytes);
            return new DemoPhoto(path, $"{index}.jpg", 400, 300);
        }),
    ];
}
