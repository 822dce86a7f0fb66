using System.Net;
using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary><c>/v1/batches/{id}/output</c> and <c>/errors</c>: the lines of a batch while it runs.</summary>
public sealed class BatchFollowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_come_in_the_order_in_which_they_end_and_end_with_the_batch()
    {
        await using var host = await OpenAiHost.StartAsync();
        var gates = Enumerable.Range(0, 3).Select(_ => new Gate()).ToArray();
        host.Engine.Script = call =>
            Reply.Hold(gates[int.Parse(OpenAiHost.LastMessage(call)[..1])], OpenAiHost.Answer(call));
        string[] ids = ["c", "b", "a"];
        var id = (await host.SubmitAsync("", [.. ids.Select((one, i) => OpenAiHost.Line(one, $"{i} text"))])).Text("id");

        // Asked for at once, while the lines are checked.
        using var answer = await host.Http.GetAsync(
            $"/v1/batches/{id}/output?follow=1", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("application/jsonl", answer.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        foreach (var i in (int[])[2, 0, 1])
        {
            gates[i].Open();
            using var line = JsonDocument.Parse((await reader.ReadLineAsync(Cancellation))!);
            Assert.Equal(ids[i], line.RootElement.Text("custom_id"));
            Assert.Equal(200, line.RootElement.GetProperty("response").Whole("status_code"));
        }

        Assert.Null(await reader.ReadLineAsync(Cancellation));
        await host.UntilAsync(id, "completed");
        // Once it is over, the order is that of the input, however often it is read.
        for (var i = 0; i < 2; i++) Assert.Equal(ids, await IdsAsync(host, $"/v1/batches/{id}/output"));
        Assert.Empty(await IdsAsync(host, $"/v1/batches/{id}/errors"));
    }

    [Fact]
    public async Task What_is_finished_can_be_read_while_the_batch_runs()
    {
        await using var host = await OpenAiHost.StartAsync();
        var gate = new Gate();
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "late"
            ? Reply.Hold(gate, Reply.Json(OpenAiHost.Completion("late"))) : OpenAiHost.Answer(call);
        var id = (await host.SubmitAsync(
            "", OpenAiHost.Line("1", "first"), OpenAiHost.Line("2", "late"), OpenAiHost.Line("3", "refused"))).Text("id");
        using var follow = await host.Http.GetAsync(
            $"/v1/batches/{id}/errors?follow=true", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await follow.Content.ReadAsStreamAsync(Cancellation));
        Assert.Contains("context_length_exceeded", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        await host.UntilAsync(id, batch => batch.GetProperty("request_counts").Whole("completed") == 1);

        Assert.Equal(["1"], await IdsAsync(host, $"/v1/batches/{id}/output"));
        Assert.Equal(["3"], await IdsAsync(host, $"/v1/batches/{id}/errors"));
        await host.PostAsync($"/v1/batches/{id}/cancel");
        using var cancelled = JsonDocument.Parse((await reader.ReadLineAsync(Cancellation))!);
        Assert.Equal("batch_cancelled", cancelled.RootElement.GetProperty("error").Text("code"));
        Assert.Null(await reader.ReadLineAsync(Cancellation));
        gate.Open();
    }

    [Fact]
    public async Task A_batch_that_never_ran_has_no_lines()
    {
        await using var host = await OpenAiHost.StartAsync();
        var bad = (await host.SubmitAsync("", "{broken")).Text("id");

        await host.GetAsync($"/v1/batches/{bad}/output?follow=1", 404);
        await host.UntilAsync(bad, "failed");
        await host.GetAsync($"/v1/batches/{bad}/errors", 404);
        await host.GetAsync("/v1/batches/batch_none/output", 404);
        Assert.Equal("follow", (await host.GetAsync($"/v1/batches/{bad}/output?follow=maybe", 400)).Text("param"));
    }

    [Fact]
    public async Task A_server_that_stops_cuts_the_answer_off()
    {
        await using var host = await OpenAiHost.StartAsync();
        using var gate = new Gate();
        host.Engine.Script = call => OpenAiHost.LastMessage(call) == "hold"
            ? Reply.Hold(gate, OpenAiHost.Answer(call)) : OpenAiHost.Answer(call);
        var id = (await host.SubmitAsync("", OpenAiHost.Line("a", "x"), OpenAiHost.Line("b", "hold"))).Text("id");
        using var answer = await host.Http.GetAsync(
            $"/v1/batches/{id}/output?follow=1", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        Assert.NotNull(await reader.ReadLineAsync(Cancellation));

        var stopping = host.Gateway.StopAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => reader.ReadToEndAsync(Cancellation));
        gate.Open();
        await stopping;
    }

    private static async Task<List<string>> IdsAsync(OpenAiHost host, string path)
    {
        using var answer = await host.Http.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Text("custom_id");
        })];
    }
}
