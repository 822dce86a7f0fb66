using System.Text.Json;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>What is accepted is used: what nobody reads is refused under its name, and what the known clients send passes.</summary>
public sealed class UnknownFieldTests
{
    private const string Photo = "\"eA==\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/visage/job", $$"""{"images":[{{Photo}}],"treshold":0.5}""", "treshold", "Did you mean 'threshold'?")]
    [InlineData("/api/visage/job", $$"""{"images":[{{Photo}}],"image":"eA=="}""", "image", "is not known")]
    [InlineData("/api/visage/job", $$"""{"images":[{{Photo}}],"config":{"job_nam":"x"} }""", "config.job_nam", "Did you mean 'job_name'?")]
    [InlineData(
        "/api/visage/job", $$"""{"images":[{{Photo}}],"config":{"service_config":{"max_face":3} } }""", "config.service_config.max_face",
        "Did you mean 'max_faces'?")]
    [InlineData("/api/visage/task", $$"""{"image":{{Photo}},"configs":{} }""", "configs", "Did you mean 'config'?")]
    [InlineData(
        "/api/visage/task", $$"""{"image_data":{"image_base64":{{Photo}},"stash_image":"1"} }""", "image_data.stash_image", "Did you mean")]
    [InlineData("/api/visage/task", $$"""{"image":{{Photo}},"service_type":"other"}""", "service_type", "use visage")]
    [InlineData(
        "/api/visage/batch/compare", $$"""{"items":[{"image1":{{Photo}},"person2":"A"}],"target":{{Photo}} }""", "target", "is not known")]
    [InlineData("/api/batch", $$"""{"type":"visage.identify","items":[{{Photo}}],"prio":1}""", "prio", "is not known")]
    [InlineData(
        "/api/batch", """{"type":"interactions","items":[{"session_id":"s","action_type":"a","element":"e"}]}""", "items[0].element",
        "is not known")]
    [InlineData(
        "/api/batch", """{"type":"interactions","items":[{"session_id":"s","action_type":"a"}],"config":{"batchsize":1}}""",
        "config.batchsize", "Did you mean 'batch_size'?")]
    [InlineData("/api/interactions", """{"session_id":"s","action_type":"a","page":"/"}""", "page", "is not known")]
    [InlineData("/api/sessions", """{"session_id":"s","page_view":1}""", "page_view", "Did you mean 'page_views'?")]
    public async Task What_nobody_reads_is_refused_by_name(string path, string body, string field, string reason)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var problem = await gateway.PostAsync(path, body, 422);
        Assert.Equal(field, problem.FirstError().Text("field"));
        Assert.Contains(reason, problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(0, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    /// <summary>The requests of the origin's plugin, as it sends them, but for the address of its service.</summary>
    [Theory]
    [InlineData(
        "/api/visage/task",
        $$"""{"service_type":"visage","image_data":{"stash_image_id":"42","image_base64":{{Photo}},"stash_image_title":"A title","image_metadata":{"urls":["u"],"galleries":[{"id":"1"}]} },"config":{"threshold":0.7,"service_config":{"api_endpoint":"http://localhost:9997/api/predict_1","max_faces":10,"return_embeddings":false,"detection_mode":"multi"},"source":"ai_overhaul_button"} }""")]
    [InlineData(
        "/api/visage/job",
        $$"""{"images":[{{Photo}}],"visage_api_url":"http://localhost:9997/api/predict_1","config":{"threshold":0.7,"job_name":"Gallery Batch: 3","user_id":"ai_overhaul_button","session_id":"gallery_batch_session","additional_params":{"max_faces":10,"return_embeddings":false,"source":"ai_overhaul_button","entity_type":"gallery","gallery_id":"3"} } }""")]
    [InlineData(
        "/api/visage/job",
        $$"""{"images":[{{Photo}}],"visage_api_url":"http://localhost:9997/api/predict_1","config":{"threshold":0.7,"job_name":"Multi-Select Batch: 1 images","user_id":"ai_overhaul_button","session_id":"multi_select_batch_session","additional_params":{"max_faces":10,"return_embeddings":false,"source":"ai_overhaul_button","entity_type":"image","whatever":{"a":[1]} } } }""")]
    [InlineData(
        "/api/visage/task",
        $$"""{"image_id":"42","image_data":{{Photo}},"threshold":0.7,"visage_api_url":"http://localhost:9997/api/predict_1","additional_params":{"max_faces":10} }""")]
    [InlineData(
        "/api/visage/task",
        $$"""{"image":{{Photo}},"visage_api_url":"http://localhost:9997/api/predict_1","config":{"threshold":0.8,"additional_params":{"max_faces":5} } }""")]
    [InlineData(
        "/api/visage/task",
        $$"""{"image":{{Photo}},"threshold":0.7,"additional_params":{"source":"x","entity_type":"scene","entity_id":"5","batch_context":{"selection_type":"multi","batch_size":2} },"metadata":{"any":1} }""")]
    public async Task What_the_known_clients_send_passes(string path, string body)
    {
        await using var gateway = await GatewayHost.StartAsync(new() { ["VISAGE_PORT"] = "9997" });
        await gateway.PostAsync(path, body);
    }

    [Fact]
    public async Task A_scene_without_a_picture_is_refused_for_that_and_nothing_else()
    {
        await using var gateway = await GatewayHost.StartAsync();
        foreach (var body in new[]
        {
            """{"service_type":"visage","scene_id":"7","config":{"threshold":0.7,"service_config":{"api_endpoint":"http://localhost:9997/api/predict_1","max_faces":10,"return_embeddings":false,"detection_mode":"multi"},"source":"ai_overhaul_button"}}""",
            """{"scene_id":"7","threshold":0.7,"visage_api_url":"http://localhost:9997/api/predict_1","additional_params":{"max_faces":10,"return_embeddings":false,"source":"x","entity_type":"scene","entity_id":"7","batch_context":{"selection_type":"multi","batch_size":2}}}""",
        })
        {
            Assert.Equal("scene_id", (await gateway.PostAsync("/api/visage/task", body, 422)).FirstError().Text("field"));
        }
    }

    [Theory]
    [InlineData("""{"image":"eA==","entity_type":"scene","entity_id":"5"}""")]
    [InlineData("""{"image":"eA==","config":{"entity_type":"scene","entity_id":"5"}}""")]
    [InlineData("""{"image":"eA==","additional_params":{"scene_id":"5"}}""")]
    [InlineData("""{"image":"eA==","config":{"additional_params":{"stash_scene_id":"5"}}}""")]
    [InlineData("""{"image_data":{"image_base64":"eA==","entity_type":"scene","entity_id":"5"}}""")]
    public async Task What_a_photo_belongs_to_comes_back_wherever_it_stands(string body)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var answer = await gateway.PostAsync("/api/visage/task", body);
        var job = await gateway.EndOfAsync(answer.Text("job_id"));
        var input = job.GetProperty("tasks")[0].GetProperty("input_data");
        Assert.Equal(("scene", "5"), (input.Text("entity_type"), input.Text("entity_id")));
    }

    [Theory]
    [InlineData("wait=abc")]
    [InlineData("wait=-1")]
    [InlineData("wait=1.5")]
    [InlineData("wait")]
    [InlineData("respond-async, wait=soon")]
    public async Task A_wait_that_is_no_number_is_refused_before_anything_is_queued(string preference)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var response = await gateway.SendAsync(
            HttpMethod.Post, "/api/visage/job", $$"""{"images":[{{Photo}}]}""", ("Prefer", preference));
        Assert.Equal(422, (int)response.StatusCode);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains("wait=30", problem.RootElement.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(0, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Theory]
    [InlineData("respond-async")]
    [InlineData("wait=0")]
    [InlineData("wait=99999999999999")]
    [InlineData("return=minimal; x=1, wait=\"5\"")]
    public async Task Other_preferences_and_long_waits_are_taken(string preference)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var response = await gateway.SendAsync(
            HttpMethod.Post, "/api/visage/job", $$"""{"images":[{{Photo}}]}""", ("Prefer", preference));
        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_format_that_is_not_written_is_refused()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var id = (await gateway.PostAsync("/api/visage/job", $$"""{"images":[{{Photo}}]}""")).Text("job_id");
        Assert.Contains(
            "ndjson", (await gateway.GetAsync($"/api/queue/job/{id}/results?format=csv", 422)).Text("detail"), StringComparison.Ordinal);
        await gateway.GetAsync($"/api/queue/job/{id}/results?format=json");
    }
}
