using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>Why a job waits that a person paused, and who lets it go on.</summary>
public sealed class WaitReasonTests
{
    private const string Echo = """
        name: echo
        url: ${ECHO_URL}
        operations:
          shout: {item: string, request: {path: /shout, json: {text: "{{ item }}"}}}
        """;

    [Theory]
    [InlineData("queue_paused", "operate", "/api/queue/pause")]
    [InlineData("service_paused", "operate", "/api/services/echo/pause")]
    [InlineData("job_paused", "submit", "/api/queue/jobs/{id}/pause")]
    public async Task A_paused_job_says_what_is_paused_and_the_request_that_it_names_ends_it(string cause, string scope, string pause)
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = _ => Reply.Json("{}");
        // The service is paused at first in every case, so that the job is still there to be paused.
        await host.Gateway.PostAsync("/api/services/echo/pause", "", 200);
        var id = (await host.Gateway.PostAsync("/api/echo/job", """{"items":["a","b"]}""")).Text("job_id");
        await host.Gateway.PostAsync(pause.Replace("{id}", id, StringComparison.Ordinal), "", 200);
        if (cause != "service_paused") await host.Gateway.PostAsync("/api/services/echo/resume", "", 200);

        foreach (var page in (string[])[$"/api/jobs/{id}", $"/api/queue/job/{id}", $"/api/queue/status/{id}"])
        {
            var waiting = (await host.Gateway.GetAsync(page)).GetProperty("waiting");
            Assert.Equal((cause, "echo", scope), (waiting.Text("cause"), waiting.Text("service"), waiting.Text("resume_scope")));
            Assert.True(waiting.IsNull("error_kind") && waiting.IsNull("http_status") && waiting.IsNull("next_try_at"));
            Assert.Contains("paused", waiting.Text("error_message"), StringComparison.Ordinal);
            Assert.EndsWith(".", waiting.Text("error_message"), StringComparison.Ordinal);
        }

        var lane = (await host.Gateway.GetAsync("/api/services/echo")).GetProperty("lanes")[0];
        if (cause == "job_paused") Assert.True(lane.IsNull("waiting"));
        else Assert.Equal(cause, lane.GetProperty("waiting").Text("cause"));
        var resume = (await host.Gateway.GetAsync($"/api/jobs/{id}")).GetProperty("waiting").Text("resume").Split(' ');
        Assert.Equal("POST", resume[0]);
        await host.Gateway.PostAsync(resume[1], "", 200);

        var job = await host.Gateway.EndOfAsync(id);
        Assert.Equal("completed", job.Text("status"));
        Assert.True(job.IsNull("waiting"));
    }

    [Fact]
    public async Task Of_several_pauses_the_one_that_holds_the_most_is_said_until_it_ends()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = _ => Reply.Json("{}");
        await host.Gateway.PostAsync("/api/queue/pause", "", 200);
        await host.Gateway.PostAsync("/api/services/echo/pause", "", 200);
        var id = (await host.Gateway.PostAsync("/api/echo/job", """{"items":["a"]}""")).Text("job_id");

        var said = new List<string>();
        while ((await host.Gateway.GetAsync($"/api/jobs/{id}")) is var job && !job.IsNull("waiting"))
        {
            said.Add(job.GetProperty("waiting").Text("cause"));
            await host.Gateway.PostAsync(job.GetProperty("waiting").Text("resume").Split(' ')[1], "", 200);
        }

        Assert.Equal(["queue_paused", "service_paused"], said);
        Assert.Equal("completed", (await host.Gateway.EndOfAsync(id)).Text("status"));
    }

    [Fact]
    public async Task A_service_without_an_address_is_named_as_people_know_it()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Echo);
        await host.Gateway.PostAsync("/api/services/echo/pause", "", 200);
        var id = (await host.Gateway.PostAsync("/api/echo/job", """{"items":["a"]}""")).Text("job_id");

        File.Delete(host.Folder.File("echo.yaml"));
        await host.Gateway.Services.GetRequiredService<ServiceReloader>().ReloadAsync(TestContext.Current.CancellationToken);

        var waiting = (await host.Gateway.GetAsync($"/api/jobs/{id}")).GetProperty("waiting");
        Assert.Equal("echo", waiting.Text("address"));
        Assert.DoesNotContain("service://", waiting.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_says_whether_it_was_called_and_where_it_is()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = _ => Reply.Json("{}");
        var before = await host.Gateway.GetAsync("/api/services/echo");
        await host.RunAsync("/api/echo/job", """{"items":["a"]}""");
        var after = await host.Gateway.GetAsync("/api/services/echo");

        Assert.False(before.GetProperty("called").GetBoolean());
        Assert.Equal(host.Service.Url.TrimEnd('/'), before.Text("address"));
        Assert.True(after.GetProperty("called").GetBoolean());
    }
}
