using System.Text.Json;
using Microsoft.Data.Sqlite;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Direct;

/// <summary>The fallback of C-17, while somebody else holds the database locked.</summary>
public sealed class LockedDatabaseTests
{
    [Fact]
    public async Task What_needs_no_store_runs_without_it_and_the_rest_is_refused_until_the_lock_is_gone()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["QUEUE_ENABLED"] = "true", ["DIRECT_MODE"] = "false", ["DIRECT_MAX_ITEMS"] = "4" }, workers: 2);
        gateway.Visage.Script = call => call.Item switch
        {
            "bad" => Reply.Status(422, "no picture"),
            "shy" when call.Number < 100 && gateway.Visage.Ledger.CallsOf("shy").Count < 2 => Reply.Status(503),
            _ => Reply.Json($$"""{"is":"{{call.Item}}"}"""),
        };
        using (var other = new SqliteConnection($"Data Source={gateway.DatabasePath};Pooling=False"))
        {
            other.Open();
            Run(other, "BEGIN EXCLUSIVE");

            var small = SendAsync(gateway, "/api/visage/job", Photos("one", "bad", "shy"));
            var single = SendAsync(gateway, "/api/visage/task", $$"""{"image":"{{GatewayHost.Base64("alone")}}"}""");
            var batch = SendAsync(
                gateway, "/api/batch", $$"""{"type":"visage.identify","items":[{"id":7,"image":"{{GatewayHost.Base64("seven")}}"}]}""");
            var many = SendAsync(
                gateway,
                "/api/visage/batch/one-to-many",
                $$"""{"items":["{{GatewayHost.Base64("many")}}"],"target":"{{GatewayHost.Base64("target")}}"}""");
            Task<(int Status, bool RetriesLater, JsonElement Body)>[] refused =
            [
                SendAsync(gateway, "/api/visage/job", Photos("a", "b", "c", "d", "e")),
                SendAsync(gateway, "/api/visage/job", Photos("later").Insert(1, "\"config\":{\"start_at\":\"2030-01-01T00:00:00Z\"},")),
                SendAsync(gateway, "/api/visage/job", Photos("keyed"), ("Idempotency-Key", "k")),
                SendAsync(gateway, "/api/interactions", """{"session_id":"s1","action_type":"click","page_path":"/"}"""),
                SendAsync(gateway, "/api/sessions", """{"session_id":"s1"}"""),
                SendAsync(
                    gateway,
                    "/api/batch",
                    """{"type":"interactions","items":[{"session_id":"s1","action_type":"click","page_path":"/"}]}"""),
            ];

            foreach (var (status, retriesLater, body) in await Task.WhenAll(refused))
            {
                Assert.Equal((503, true, "unavailable"), (status, retriesLater, body.Text("type")["urn:stashai:problem:".Length..]));
            }

            var job = await AnswerAsync(small);
            Assert.Equal(
                ["completed", "failed", "completed"], job.GetProperty("results").EnumerateArray().Select(result => result.Text("status")));
            Assert.Equal(
                ("one", "partial", 2, 1),
                (
                    job.GetProperty("results")[0].GetProperty("output_json").Text("is"), job.Text("status"), job.Whole("completed_tasks"),
                    job.GetProperty("error_summary")[0].Whole("count")));
            Assert.Equal("alone", (await AnswerAsync(single)).GetProperty("results")[0].GetProperty("output_json").Text("is"));
            Assert.Equal(7, (await AnswerAsync(batch)).GetProperty("results")[0].Whole("item_id"));
            Assert.Equal("completed", (await AnswerAsync(many)).GetProperty("results")[0].Text("status"));
            await gateway.GetAsync($"/api/queue/job/{job.Text("job_id")}", 404);
            await gateway.GetAsync($"/api/queue/status/{(await single).Body.Text("task_id")}", 404);
            Run(other, "ROLLBACK");
        }

        Assert.Equal(["", "alone", "bad", "one", "seven", "shy"], gateway.Visage.Ledger.Items.Order());
        Assert.Equal(7, gateway.Visage.Ledger.Count);
        var comparison = gateway.Visage.Ledger.Calls.Single(call => call.Call!.Path == "/api/compare_faces").Call!;
        Assert.Equal(
            (GatewayHost.Base64("target"), GatewayHost.Base64("many")), (comparison.JsonField("image1"), comparison.JsonField("image2")));
        var end = await gateway.EndOfAsync(await StoreAsync(gateway, "after"));
        Assert.Equal("completed", end.Text("status"));
        Assert.Equal(1, (await gateway.GetAsync("/api/queue/stats")).Whole("total_tasks"));
    }

    /// <summary>The client has its results, so health alone can tell.</summary>
    [Fact]
    public async Task What_runs_without_a_database_that_somebody_altered_makes_health_say_so()
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["QUEUE_ENABLED"] = "true", ["DIRECT_MODE"] = "false" });
        using (var other = new SqliteConnection($"Data Source={gateway.DatabasePath};Pooling=False"))
        {
            other.Open();
            Run(other, "CREATE TRIGGER theirs BEFORE INSERT ON queue_jobs BEGIN SELECT RAISE(ABORT, 'no'); END");
        }

        await AnswerAsync(SendAsync(gateway, "/api/visage/job", Photos("one")));

        var health = await gateway.GetAsync("/health", 503);
        var check = Assert.Single(health.GetProperty("checks").EnumerateArray(), one => one.Text("name") == "requests");
        Assert.Contains("does not have the schema", check.Text("detail"), StringComparison.Ordinal);
    }

    /// <summary>Submits until the job is stored: what waited for the lock may hold the writer up for longer than the lock did.</summary>
    private static async Task<string> StoreAsync(GatewayHost gateway, string photo)
    {
        while (true)
        {
            var (status, _, body) = await SendAsync(gateway, "/api/visage/job", Photos(photo));
            if (status == 202) return body.Text("job_id");
            await AnswerAsync(Task.FromResult((status, false, body)));
        }
    }

    private static async Task<JsonElement> AnswerAsync(Task<(int Status, bool RetriesLater, JsonElement Body)> answer)
    {
        var (status, _, body) = await answer;
        Assert.True(status == 200, body.ToString());
        Assert.Equal("direct", body.Text("mode"));
        Assert.False(body.GetProperty("durable").GetBoolean());
        Assert.False(body.Has("status_url"));
        return body;
    }

    private static async Task<(int Status, bool RetriesLater, JsonElement Body)> SendAsync(
        GatewayHost gateway, string path, string body, params (string Name, string Value)[] headers)
    {
        using var answer = await gateway.SendAsync(HttpMethod.Post, path, body, headers);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return ((int)answer.StatusCode, answer.Headers.RetryAfter is not null, json.RootElement.Clone());
    }

    private static string Photos(params IEnumerable<string> photos) =>
        $$"""{"images":[{{string.Join(',', photos.Select(photo => $"\"{GatewayHost.Base64(photo)}\""))}}]}""";

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
