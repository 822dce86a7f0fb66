using System.Text;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Sdk;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>What a task tells of its attempts, and a job of its results and failures.</summary>
public sealed class TaskDetailTests
{
    private const string Ann =
        """{"data":[[{"confidence":0.9,"performers":[{"id":"7","name":"Ann","confidence":81},{"id":"8","name":"Eve","confidence":60}]}]]}""";

    [Fact]
    public async Task A_task_shows_each_of_its_attempts()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Try == 1 ? Reply.Status(500, "out of memory") : Reply.Json(Ann);
        var task = await gateway.RunOneAsync();

        var detail = await gateway.GetAsync($"/api/queue/task/{task.Text("task_id")}");

        var attempts = detail.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal(["retried", "completed"], attempts.Select(attempt => attempt.Text("outcome")));
        Assert.Equal([1, 2], attempts.Select(attempt => attempt.Whole("attempt")));
        Assert.Equal([500, 200], attempts.Select(attempt => attempt.Whole("http_status")));
        Assert.Equal(("service_error", "out of memory"), (attempts[0].Text("error_kind"), attempts[0].Text("answer_head")));
        Assert.Contains("500", attempts[0].Text("error_message"), StringComparison.Ordinal);
        Assert.True(attempts[1].IsNull("error_kind") && attempts[1].IsNull("error_message"));
        Assert.Equal(Ann, attempts[1].Text("answer_head"));
        Assert.All(attempts, attempt => Assert.NotEmpty(attempt.Text("node")));
        Assert.All(attempts, attempt => Assert.True(attempt.Has("started_at") && attempt.Has("finished_at") && attempt.Has("duration_ms")));
    }

    [Fact]
    public async Task A_task_that_waits_has_no_attempts()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 0);
        var job = await gateway.GetAsync($"/api/queue/job/{await gateway.SubmitAsync("a")}");

        var detail = await gateway.GetAsync($"/api/queue/task/{job.GetProperty("tasks")[0].Text("task_id")}");

        Assert.Equal(0, detail.GetProperty("attempts").GetArrayLength());
    }

    [Fact]
    public async Task A_job_says_who_is_on_its_photos_and_what_went_wrong()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item switch
        {
            "ann" => Reply.Json(Ann),
            "nobody" => Reply.Json("""{"data":[[]]}"""),
            _ => Reply.Status(422, "not an image"),
        };

        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("ann", "nobody", "bad", "ann", "worse"));

        var results = job.GetProperty("aggregate_results");
        Assert.Equal(
            (3, 2, 2, 0),
            (results.Whole("images"), results.Whole("images_with_faces"), results.Whole("faces"), results.Whole("faces_of_others")));
        var person = Assert.Single(results.GetProperty("people").EnumerateArray());
        Assert.Equal(
            ("7", "Ann", 2, 2, 81.0),
            (person.Text("id"), person.Text("name"), person.Whole("images"), person.Whole("faces"), person.Number("best_confidence")));
        Assert.Equal([0, 3], person.GetProperty("items").EnumerateArray().Select(item => item.GetInt32()));
        var error = Assert.Single(job.GetProperty("error_summary").EnumerateArray());
        Assert.Equal(("rejected", 2), (error.Text("error_kind"), error.Whole("count")));
        Assert.Contains("422", error.Text("example"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data":[[{"id":"1","name":"A","confidence":70},{"id":"2","name":"B","confidence":50}]]}""", 1, 1)]
    [InlineData("""{"data":[[{"performers":[]},{"performers":[{"id":3,"name":"C"}]}]]}""", 2, 1)]
    [InlineData("""{"data":[]}""", 0, 0)]
    [InlineData("""{"data":[[1,"x",null]]}""", 0, 0)]
    [InlineData("""{"data":[[{"performers":[4]}]]}""", 1, 0)]
    [InlineData("""{"data":{"a":1}}""", 0, 0)]
    [InlineData("[1]", 0, 0)]
    public void Every_answer_folds(string answer, int faces, int people)
    {
        var folded = Fold(answer);
        Assert.Equal((1, faces, people), (folded.Whole("images"), folded.Whole("faces"), folded.GetProperty("people").GetArrayLength()));
    }

    [Fact]
    public void A_photo_with_two_faces_of_one_person_is_one_photo()
    {
        var person = Fold(
            """{"data":[[{"performers":[{"id":"1","name":"A","confidence":70}]},{"performers":[{"id":"1","name":"A","confidence":90}]}]]}""")
            .GetProperty("people")[0];
        Assert.Equal((1, 2, 90.0), (person.Whole("images"), person.Whole("faces"), person.Number("best_confidence")));
    }

    [Fact]
    public void However_many_people_there_are_the_summary_stays_small_and_counts_all_faces()
    {
        var fold = VisageAdapter.Identify.Fold!;
        var name = new string('漢', 200);
        ReadOnlyMemory<byte> all = default;
        for (var batch = 0; batch < 10; batch++)
        {
            var parts = Enumerable.Range(batch * 100, 100)
                .Select(i => fold.Map(
                    i,
                    Encoding.UTF8.GetBytes($$"""{"data":[[{"performers":[{"id":"{{i % 500}}","name":"{{name}}","confidence":9}]}]]}""")));
            all = fold.Merge([.. parts, .. all.IsEmpty ? [] : (ReadOnlyMemory<byte>[])[all]]);
        }

        Assert.InRange(all.Length, 1, StashAI.Sdk.IResultFold.MaxBytes);
        var folded = JsonDocument.Parse(all).RootElement;
        Assert.Equal((1000, 1000, 200), (folded.Whole("images"), folded.Whole("faces"), folded.GetProperty("people").GetArrayLength()));
        Assert.Equal(
            1000, folded.GetProperty("people").EnumerateArray().Sum(person => person.Whole("faces")) + folded.Whole("faces_of_others"));
    }

    private static JsonElement Fold(string answer)
    {
        var fold = VisageAdapter.Identify.Fold!;
        return JsonDocument.Parse(fold.Merge([fold.Map(5, Encoding.UTF8.GetBytes(answer))])).RootElement;
    }
}
