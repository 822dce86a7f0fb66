using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>What a job will cost, as it was declared at its submit.</summary>
public sealed class EstimatedCostTests
{
    private const string Echo = EchoService.Yaml;

    private const string Answer = EchoService.Answer;

    [Fact]
    public async Task What_a_job_will_cost_is_said_wherever_it_is_shown_and_stays_as_it_was_at_the_submit()
    {
        await using var host = await ServiceHost.StartAsync(Echo.Replace("cost: 0.5", "cost: 0.00002", StringComparison.Ordinal));
        host.Service.Script = _ => Reply.Json(Answer);

        var accepted = await host.Gateway.PostAsync("/api/echo/job", """{"items":["a","b","c"]}""");
        await File.WriteAllTextAsync(host.Folder.File("echo.yaml"), Echo, TestContext.Current.CancellationToken);
        await host.Gateway.Services.GetRequiredService<ServiceReloader>().ReloadAsync(TestContext.Current.CancellationToken);
        var job = await host.Gateway.EndOfAsync(accepted.Text("job_id"));
        var status = await host.Gateway.GetAsync($"/api/queue/status/{accepted.Text("job_id")}");
        var listed = (await host.Gateway.GetAsync("/api/queue/jobs")).GetProperty("jobs")[0];
        using var waited = await host.Gateway.SendAsync(HttpMethod.Post, "/api/echo/job", """{"items":["a","b"]}""", ("Prefer", "wait=30"));

        Assert.All((JsonElement[])[accepted, job, status, listed], answer => Assert.Equal(0.00006, answer.Number("estimated_cost")));
        Assert.Equal(0.00002, job.GetProperty("job_config").Number("cost_per_item"));
        Assert.Equal(200, (int)waited.StatusCode);
        // Every field stands there once.
        using var answer = JsonDocument.Parse(
            await waited.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.Equal(1.0, answer.RootElement.Number("estimated_cost"));
        Assert.Equal(0.5, (await host.Gateway.GetAsync("/api/services/echo/schema")).GetProperty("operations")[0].Number("cost_per_item"));
    }

    [Fact]
    public async Task What_nobody_gave_a_price_has_no_estimate()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var accepted = await gateway.PostAsync("/api/visage/job", $$"""{"images":["{{GatewayHost.Base64("x")}}"]}""");

        Assert.True(accepted.IsNull("estimated_cost"));
        Assert.True((await gateway.EndOfAsync(accepted.Text("job_id"))).IsNull("estimated_cost"));
    }
}
