using System.Globalization;
using System.Text;
using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>The three submit routes, in every body that a known client sends.</summary>
public sealed class SubmitTests
{
    private static readonly string Photo = GatewayHost.Base64("first");
    private static readonly string Other = GatewayHost.Base64("second");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/visage/job")]
    [InlineData("/api/visage/batch/identify")]
    public async Task A_batch_is_acknowledged_with_all_fields_that_clients_read(string route)
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();

        var job = await gateway.PostAsync(route, $$$"""{"images":["{{{Photo}}}","{{{Other}}}"],"config":{"face_threshold":0.7}}""");

        Assert.Equal("queued", job.Text("status"));
        Assert.Equal(2, job.Whole("total_tasks"));
        Assert.Equal(2, job.Whole("expected_tasks"));
        Assert.True(job.Has("estimated_completion"));
        Assert.True(job.IsNull("coordinator_task_id"));
        Assert.True(job.Has("visage_api_url"));
        Assert.Equal(0.7, job.Number("threshold_used"));
        Assert.NotEmpty(job.Text("message"));
        Assert.Equal(2, job.GetProperty("task_ids").GetArrayLength());
        Assert.Equal(7, Guid.Parse(job.Text("job_id")).Version);
        Assert.All(job.GetProperty("task_ids").EnumerateArray(), id => Assert.Equal(7, Guid.Parse(id.GetString()!).Version));
        Assert.Equal("subscribe_job", job.GetProperty("websocket_subscription").Text("type"));
        Assert.Equal(job.Text("job_id"), job.GetProperty("websocket_subscription").Text("job_id"));
    }

    [Fact]
    public async Task The_answer_to_a_submit_says_where_to_look()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var content = new StringContent($$"""{"image":"{{Photo}}"}""", Encoding.UTF8, "application/json");

        using var response = await gateway.Http.PostAsync("/api/visage/task", content, Cancellation);

        using var location = await gateway.Http.GetAsync(response.Headers.Location, Cancellation);
        Assert.Equal(GatewayHost.Taken, response.StatusCode);
        Assert.Equal(200, (int)location.StatusCode);
    }

    /// <summary>Bodies of the document and of the plugin, keys in any order.</summary>
    public static TheoryData<string, string, double> Bodies { get; } = new()
    {
        {
            "/api/visage/task",
            """{"image":"@","visage_api_url":"http://localhost:9997/api/predict_1","config":{"threshold":0.8,"additional_params":{"max_faces":5}}}""",
            0.8
        },
        { "/api/visage/task", """{"config":{"threshold":0.8},"image":"@"}""", 0.8 },
        {
            "/api/visage/task",
            """{"image_id":"17","image_data":"@","threshold":0.6,"visage_api_url":"http://localhost:9997/api/predict_1","additional_params":{}}""",
            0.6
        },
        {
            "/api/visage/task",
            """{"service_type":"visage","image_data":{"stash_image_id":"17","image_base64":"@","stash_image_title":"T","image_metadata":{"urls":[],"galleries":[]}},"config":{"threshold":0.65,"service_config":{"api_endpoint":"http://stash.lan:9997/api/predict_1","max_faces":10,"return_embeddings":false,"detection_mode":"multi"},"source":"ai_overhaul_button"}}""",
            0.65
        },
        { "/api/visage/task", """{"image_data":{"image_base64":"@"}}""", 0.7 },
        { "/api/visage/task", """{"image":"@"}""", 0.5 },
        { "/api/visage/task", """{"image":null,"image_data":"@"}""", 0.5 },
        { "/api/visage/task", """{"scene_id":"5","image":"@","threshold":"0.9"}""", 0.9 },
        {
            "/api/visage/job",
            """{"images":["@"],"visage_api_url":"http://127.0.0.1:9997/api/predict_1","config":{"threshold":0.7,"job_name":"Gallery Batch: x","user_id":"ai_overhaul_button","session_id":"gallery_batch_session","additional_params":{"max_faces":10,"return_embeddings":false,"source":"x","entity_type":"gallery","gallery_id":"4"}}}""",
            0.7
        },
        { "/api/visage/job", """{"config":{"threshold":0.9,"face_threshold":0.3},"threshold":0.1,"images":["@"]}""", 0.3 },
        { "/api/visage/job", """{"config":{"threshold":0.9},"threshold":0.1,"images":["@"]}""", 0.9 },
        { "/api/visage/job", """{"threshold":0.1,"images":["@"],"config":null}""", 0.1 },
        {
            "/api/visage/batch/identify",
            """{"images":["@"],"config":{"face_threshold":0.7,"model_type":"arc","batch_size":4,"return_face_locations":"true"}}""",
            0.7
        },
        { "/api/visage/batch/identify", """ {"images" : [ "data:image/png;base64,@" ] } """, 0.5 },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Every_known_body_runs_with_its_threshold(string route, string body, double threshold)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync(route, body.Replace("@", Photo, StringComparison.Ordinal));
        var job = await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(threshold, answer.Number("threshold_used"));
        Assert.Equal("completed", job.Text("status"));
        var call = Assert.Single(gateway.Visage.Ledger.Calls);
        Assert.Equal("first", call.Item);
        Assert.Equal("/api/predict_1", call.Call!.Path);
        Assert.Equal(threshold.ToString(CultureInfo.InvariantCulture), call.Call.JsonField("threshold"));
    }

    [Theory]
    [InlineData("{}", "arc", true)]
    [InlineData("""{"model_type":"arc","return_face_locations":"true"}""", "arc", true)]
    [InlineData("""{"model_type":"facenet","return_face_locations":"False"}""", "facenet", false)]
    [InlineData("""{"model_type":null,"return_face_locations":false}""", "arc", false)]
    public async Task The_fields_of_a_face_job_have_their_types_and_defaults(string config, string model, bool locations)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync("/api/visage/batch/identify", $$"""{"images":["{{Photo}}"],"config":{{config}}}""");
        var kept = (await gateway.EndOfAsync(answer.Text("job_id"))).GetProperty("job_config");

        Assert.Equal(model, kept.Text("model_type"));
        Assert.Equal(locations ? JsonValueKind.True : JsonValueKind.False, kept.GetProperty("return_face_locations").ValueKind);
        var results = await gateway.GetAsync($"/api/visage/job/{answer.Text("job_id")}/results");
        Assert.Equal(model, results.GetProperty("visage_results")[0].Text("model_version"));
    }

    [Fact]
    public async Task What_a_plugin_body_names_comes_back_with_the_task()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync(
            "/api/visage/task",
            $$$$"""{"image_data":{"image_base64":"{{{{Photo}}}}","stash_image_id":17,"stash_image_title":"Beach"},"config":{"service_config":{"max_faces":3,"api_endpoint":"http://x:9997/api/predict_1"}}}""");
        var task = await gateway.GetAsync($"/api/queue/task/{answer.Text("task_id")}");

        Assert.Equal("subscribe_task", answer.GetProperty("websocket_subscription").Text("type"));
        Assert.Equal("image", task.GetProperty("input_data").Text("entity_type"));
        Assert.Equal("17", task.GetProperty("input_data").Text("entity_id"));
        Assert.Equal("17", task.GetProperty("input_data").Text("image_id"));
        Assert.Equal(3, task.GetProperty("input_data").GetProperty("additional_params").Whole("max_faces"));
        Assert.Equal("Face Analysis: Image | 17", (await gateway.EndOfAsync(answer.Text("job_id"))).Text("job_name"));
    }

    [Fact]
    public async Task Each_task_of_a_batch_has_its_own_entity()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var answer = await gateway.PostAsync(
            "/api/visage/job",
            $$$$"""{"images":["{{{{Photo}}}}","{{{{Other}}}}"],"config":{"additional_params":{"entity_type":"image","entity_id":"all","entity_ids":["7","8"]}}}""");
        var body = await gateway.Http.GetStringAsync($"/api/queue/job/{answer.Text("job_id")}", Cancellation);

        using var job = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.Equal(
            ["7", "8"],
            job.RootElement.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("input_data").Text("entity_id")));
    }

    [Fact]
    public async Task A_batch_size_bounds_the_calls_at_once()
    {
        await using var gateway = await GatewayHost.StartAsync(workers: 8);

        var answer = await gateway.PostAsync(
            "/api/visage/batch/identify",
            $$$"""{"images":[{{{string.Join(',', Enumerable.Repeat($"\"{Photo}\"", 30))}}}],"config":{"batch_size":2}}""");
        await gateway.EndOfAsync(answer.Text("job_id"));

        Assert.InRange(gateway.Visage.Ledger.MaxInFlight, 1, 2);
        Assert.Equal(30, gateway.Visage.Ledger.Count);
    }

    /// <summary>Route, body, status, field at fault or null, item at fault or -1.</summary>
    public static TheoryData<string, string, int, string?, int> BadBodies { get; } = new()
    {
        { "job", "", 400, null, -1 },
        { "job", "{", 400, null, -1 },
        { "job", "[]", 400, "body", -1 },
        { "job", "null", 400, "body", -1 },
        { "job", "5", 400, "body", -1 },
        { "job", "{}", 400, "images", -1 },
        { "job", """{"images":[]}""", 400, "images", -1 },
        { "job", """{"images":null}""", 400, "images", -1 },
        { "job", """{"images":"@"}""", 422, "images", -1 },
        { "job", """{"images":["@",7]}""", 422, "images[1]", 1 },
        { "job", """{"images":["@","@","not base64!"]}""", 422, "images[2]", 2 },
        { "job", """{"images":["@",""]}""", 422, "images[1]", 1 },
        { "job", """{"images":["@","data:image/png,abc"]}""", 422, "images[1]", 1 },
        { "job", """{"images":["@"],"images":["@"]}""", 400, "images", -1 },
        { "job", """{"images":["@"],"config":[]}""", 422, "config", -1 },
        { "job", """{"images":["@"],"config":{"threshold":2}}""", 422, "config.threshold", -1 },
        { "job", """{"images":["@"],"config":{"threshold":"high"}}""", 422, "config.threshold", -1 },
        { "job", """{"images":["@"],"config":{"threshold":1e999}}""", 422, "config.threshold", -1 },
        { "job", """{"images":["@"],"config":{"threshold":"NaN"}}""", 422, "config.threshold", -1 },
        { "job", """{"images":["@"],"config":{"batch_size":0}}""", 422, "config.batch_size", -1 },
        { "job", """{"images":["@"],"config":{"batch_size":1.5}}""", 422, "config.batch_size", -1 },
        { "job", """{"images":["@"],"config":{"priority":10}}""", 422, "config.priority", -1 },
        { "job", """{"images":["@"],"config":{"job_name":{}}}""", 422, "config.job_name", -1 },
        { "job", """{"images":["@"],"config":{"model_type":["arc"]}}""", 422, "config.model_type", -1 },
        { "job", """{"images":["@"],"config":{"return_face_locations":"perhaps"}}""", 422, "config.return_face_locations", -1 },
        { "job", """{"images":["@"],"config":{"return_face_locations":1}}""", 422, "config.return_face_locations", -1 },
        { "job", """{"images":["@"],"config":{"additional_params":7}}""", 422, "config.additional_params", -1 },
        {
            "job", """{"images":["@"],"config":{"additional_params":{"max_faces":"many"}}}""", 422, "config.additional_params.max_faces", -1
        },
        { "job", """{"images":["@"],"config":{"additional_params":{"max_faces":-1}}}""", 422, "config.additional_params.max_faces", -1 },
        { "job", """{"images":["@"],"config":{"additional_params":{"entity_ids":"5"}}}""", 422, "config.additional_params.entity_ids", -1 },
        { "job", """{"images":["@"],"visage_api_url":"predict"}""", 422, "visage_api_url", -1 },
        { "job", """{"images":["@"],"visage_api_url":["http://localhost:9997/api/predict_1"]}""", 422, "visage_api_url", -1 },
        { "job", """{"images":["@"],"visage_api_url":"file:///etc/passwd"}""", 422, "visage_api_url", -1 },
        { "job", """{"images":["@"],"visage_api_url":"service://visage/api/predict_1"}""", 422, "visage_api_url", -1 },
        { "task", "{}", 400, "image", -1 },
        { "task", """{"image":7}""", 422, "image", -1 },
        { "task", """{"image":["@"]}""", 422, "image", -1 },
        { "task", """{"image_data":{"image_base64":7}}""", 422, "image_data.image_base64", -1 },
        { "task", """{"image_data":{}}""", 400, "image", -1 },
        { "task", """{"image":"@","image_data":"@"}""", 422, "image", -1 },
        { "task", """{"service_type":"visage","scene_id":"5","config":{}}""", 422, "scene_id", -1 },
        { "task", """{"image":"%%%"}""", 422, "image", -1 },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_with_its_place(string route, string body, int status, string? field, int item)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var problem = await gateway.PostAsync($"/api/visage/{route}", body.Replace("@", Photo, StringComparison.Ordinal), status);

        Assert.Equal(status, problem.Whole("status"));
        Assert.NotEmpty(problem.Text("detail"));
        if (field is not null) Assert.Equal(field, problem.FirstError().Text("field"));
        if (item >= 0) Assert.Equal(item, problem.FirstError().Whole("item"));
        Assert.Equal(0, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
        Assert.Equal(0, gateway.Visage.Ledger.Count);
    }

    [Theory]
    [InlineData("MAX_ITEMS", "2")]
    [InlineData("MAX_BODY_BYTES", "20")]
    [InlineData("MAX_ITEM_BYTES", "4")]
    public async Task A_body_over_a_limit_is_refused_with_the_name_of_the_limit(string setting, string limit)
    {
        await using var gateway = await GatewayHost.StartAsync(new() { [setting] = limit });

        var problem = await gateway.PostAsync("/api/visage/job", $$"""{"images":["{{Photo}}","{{Photo}}","{{Photo}}"]}""", 413);

        Assert.Equal(setting, problem.Text("setting"));
    }
}
