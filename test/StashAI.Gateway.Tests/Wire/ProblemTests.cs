using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Tests.Access;
using StashAI.Gateway.Tests.Intake;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Hosting.Problems;

namespace StashAI.Gateway.Tests.Wire;

public sealed class ProblemTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bad_item_is_a_422_with_its_field_and_index()
    {
        await using var app = await StartAsync();
        var problem = await PostAsync(app, """{"images":["AQID","AQ*D"]}""", 422);
        Assert.Contains("'*'", problem.GetRawText(), StringComparison.Ordinal); // readable, not \u0027
        Assert.Equal("urn:stashai:problem:invalid", problem.GetProperty("type").GetString());
        Assert.Equal("/intake", problem.GetProperty("instance").GetString());
        Assert.NotEmpty(problem.GetProperty("trace_id").GetString()!);
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal("images[1]", error.GetProperty("field").GetString());
        Assert.Equal(1, error.GetProperty("item").GetInt32());
        Assert.Contains("'*' at character 3", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_json_is_a_400()
    {
        await using var app = await StartAsync();
        var problem = await PostAsync(app, "{\"a\":}", 400);
        Assert.Contains("line 1", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_of_the_intake_is_a_413_that_names_its_setting()
    {
        await using var app = await StartAsync();
        var problem = await PostAsync(app, """{"images":["AQID","AQID","AQID","AQID"]}""", 413);
        Assert.Equal("MAX_ITEMS", problem.GetProperty("setting").GetString());
    }

    [Fact]
    public async Task A_body_over_the_limit_of_the_web_server_is_a_413_that_names_MAX_BODY_BYTES()
    {
        await using var app = await StartAsync();
        var problem = await PostAsync(app, new string(' ', 2000), 413);
        Assert.Equal("MAX_BODY_BYTES", problem.GetProperty("setting").GetString());
        Assert.Contains("MAX_BODY_BYTES", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_address_is_a_422_that_names_the_setting()
    {
        await using var app = await StartAsync();
        var problem = await GetAsync(app, "refused", 422);
        Assert.Equal("TRUST_LAN", problem.GetProperty("setting").GetString());
        Assert.Equal("visage_api_url", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }

    [Fact]
    public async Task What_nobody_expected_is_logged_and_shows_nothing_of_the_inside()
    {
        using var log = new CollectingLog();
        await using var app = await StartAsync(log);
        var problem = await GetAsync(app, "fail", 500);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("secret", Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error).Error?.Message);
    }

    [Fact]
    public async Task Unknown_paths_and_wrong_methods_are_problems_too()
    {
        await using var app = await StartAsync();
        Assert.EndsWith("not-found", (await GetAsync(app, "nowhere", 404)).GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(
            "method-not-allowed", (await GetAsync(app, "intake", 405)).GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_may_return_a_problem_and_absent_members_are_left_out()
    {
        await using var app = await StartAsync();
        var problem = await GetAsync(app, "missing", 404);
        Assert.Equal("There is no task 7.", problem.GetProperty("detail").GetString());
        Assert.Equal(
            ["type", "title", "status", "detail", "instance", "trace_id"], problem.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_client_that_leaves_is_not_an_error_of_the_server()
    {
        using var log = new CollectingLog();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await TestServers.StartAsync(
            a =>
            {
                a.Use(async (context, next) =>
                {
                    context.Response.OnCompleted(() => { left.TrySetResult(); return Task.CompletedTask; });
                    await next(context);
                });
                a.MapGet("/wait", async (HttpContext context) =>
                {
                    entered.SetResult();
                    await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
                });
            },
            log: log);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var client = new HttpClient();
        var call = client.GetAsync(new Uri(app.Address(), "wait"), cancel.Token);
        await entered.Task.WaitAsync(Stop);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await left.Task.WaitAsync(Stop);
        await app.StopAsync(Stop);
        Assert.Empty(log.Entries);
    }

    private static Task<WebApplication> StartAsync(CollectingLog? log = null) => TestServers.StartAsync(
        app =>
        {
            app.MapPost("/intake", async (HttpContext context) =>
            {
                context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = 1000;
                using var result = await ItemIntake.ReadJsonAsync(
                    context.Request.BodyReader, Bodies.Photos, new RecordingSink(), new IntakeLimits { MaxItems = 3 },
                    context.RequestAborted);
                return Results.Ok();
            });
            app.MapGet("/fail", string () => throw new InvalidOperationException("secret"));
            app.MapGet("/missing", IResult () => Problem.NotFound("There is no task 7."));
            app.MapGet("/refused", async (OutboundPolicy policy, CancellationToken stop) =>
                await policy.CheckAsync(new Uri("http://10.0.0.1/"), "visage_api_url", stop));
        },
        log: log);

    private static async Task<JsonElement> PostAsync(WebApplication app, string body, int status)
    {
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync(new Uri(app.Address(), "intake"), content, Stop);
        return await ReadAsync(response, status);
    }

    private static async Task<JsonElement> GetAsync(WebApplication app, string path, int status)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(app.Address(), path), Stop);
        return await ReadAsync(response, status);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Stop));
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.Clone();
    }
}
