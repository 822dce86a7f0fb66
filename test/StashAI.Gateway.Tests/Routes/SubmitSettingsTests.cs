using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Submit;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>What any submit may ask for: idempotency keys, waiting for the result, times, priority.</summary>
public sealed class SubmitSettingsTests
{
    private static readonly string Body = $$"""{"images":["{{GatewayHost.Base64("x")}}"]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_key_and_body_give_the_first_answer_again()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var first = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Body, ("Idempotency-Key", "k1"));
        using var again = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Body, ("Idempotency-Key", "k1"));
        using var other = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Body, ("Idempotency-Key", "k2"));

        Assert.Equal((GatewayHost.Taken, GatewayHost.Taken, GatewayHost.Taken), (first.StatusCode, again.StatusCode, other.StatusCode));
        var jobId = await JobIdOf(first);
        Assert.Equal(jobId, await JobIdOf(again));
        Assert.NotEqual(jobId, await JobIdOf(other));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(2, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_request_is_refused()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var first = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Body, ("Idempotency-Key", "k"));
        using var changed = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Body + " ", ("Idempotency-Key", "k"));
        using var elsewhere = await gateway.SendAsync(HttpMethod.Post, "/api/visage/batch/identify", Body, ("Idempotency-Key", "k"));
        using var empty = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Body, ("Idempotency-Key", ""));

        Assert.Equal((422, 422, 400), ((int)changed.StatusCode, (int)elsewhere.StatusCode, (int)empty.StatusCode));
        Assert.Equal(1, (await gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Fact]
    public async Task A_key_whose_request_is_under_way_is_a_conflict()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var slow = new HeldContent(Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/visage/job") { Content = slow };
        request.Headers.Add("Idempotency-Key", "k");
        var first = gateway.Http.SendAsync(request, Cancellation);
        await slow.Begun.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        // Sent earlier, the second could be the first.
        while (gateway.Services.GetRequiredService<IdempotencyKeys>().Count == 0) await Task.Yield();

        using var second = await gateway.SendAsync(HttpMethod.Post, "/api/visage/task", "{}", ("Idempotency-Key", "k"));
        slow.Release();
        using var done = await first;

        Assert.Equal(409, (int)second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        Assert.Equal(GatewayHost.Taken, done.StatusCode);
    }

    [Fact]
    public async Task A_client_that_prefers_to_wait_gets_the_results()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("""{"data":[[]]}""");

        using var response = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Body, ("Prefer", "respond-async, wait=30"));
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("wait=30", Assert.Single(response.Headers.GetValues("Preference-Applied")));
        Assert.Equal("completed", answer.Text("status"));
        Assert.Equal("""{"data":[[]]}""", answer.GetProperty("results")[0].GetProperty("output_json").GetRawText());
        Assert.Equal(1, answer.GetProperty("task_ids").GetArrayLength());
        Assert.Equal(1, answer.GetProperty("aggregate_results").Whole("images"));
    }

    [Fact]
    public async Task The_wait_is_over_in_time_and_the_job_goes_on()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));

        using var response = await gateway.SendAsync(HttpMethod.Post, "/api/visage/job", Body, ("Prefer", "wait=0"));
        var jobId = await JobIdOf(response);
        var waiting = gateway.SendAsync(HttpMethod.Get, $"/api/queue/status/{jobId}", null, ("Prefer", "wait=30"));
        gate.Open();
        using var later = await waiting;

        Assert.Equal(202, (int)response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("completed", (await later.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("status"));
    }

    [Fact]
    public async Task A_job_may_start_later_and_says_when()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var answer = await gateway.PostAsync(
            "/api/visage/job",
            Configured(
                """{"start_at":"2035-01-31T08:00:00+02:00","deadline":"2035-02-01T00:00:00Z","priority":"high","max_parallel":3,"max_retries":0}"""),
            202);

        var job = await gateway.GetAsync($"/api/queue/job/{answer.Text("job_id")}");

        Assert.Equal("scheduled", answer.Text("state"));
        Assert.Equal("2035-01-31T06:00:00.000Z", job.Text("scheduled_for"));
        Assert.Equal("2035-02-01T00:00:00.000Z", job.Text("deadline_at"));
        Assert.Equal(9, job.Whole("priority"));
        Assert.Equal(3, job.GetProperty("job_config").Whole("batch_size"));
        Assert.Equal(0, job.GetProperty("tasks")[0].Whole("max_retries"));
    }

    [Theory]
    [InlineData("""{"deadline":"2001-01-01T00:00:00Z"}""")]
    [InlineData("""{"start_at":"2035-01-02T00:00:00Z","deadline":"2035-01-01T00:00:00Z"}""")]
    [InlineData("""{"start_at":"tomorrow"}""")]
    [InlineData("""{"start_at":"9999-01-01T00:00:00Z"}""")]
    [InlineData("""{"priority":10}""")]
    [InlineData("""{"max_parallel":0}""")]
    public async Task A_setting_that_cannot_be_is_named(string config)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var problem = await gateway.PostAsync("/api/visage/job", Configured(config), 422);

        Assert.StartsWith("config.", problem.GetProperty("errors")[0].Text("field"), StringComparison.Ordinal);
    }

    private static string Configured(string config) => $$"""{"images":["{{GatewayHost.Base64("x")}}"],"config":{{config}}}""";

    private static async Task<string> JobIdOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("job_id");
}
