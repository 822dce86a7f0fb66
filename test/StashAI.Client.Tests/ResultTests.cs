using System.Net;
using System.Text;
using System.Text.Json.Serialization;
using StashAI.Client.Errors;
using StashAI.Client.Models;

namespace StashAI.Client.Tests;

public sealed partial class ResultTests(RunningServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_come_as_objects_and_by_state()
    {
        using var client = server.Connect();
        var job = (await client.SubmitTextsAsync("echo.up", ["one", "bad", "three"], cancellationToken: Cancellation)).JobId;
        await client.WaitAsync(job, Cancellation);

        var all = await client.ResultsAsync(job, ResultContext.Default.Answer, cancellationToken: Cancellation).ToListAsync(Cancellation);
        var failed = await client.ResultsAsync(job, new ResultQuery { States = [TaskState.Failed] }, Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal(["ONE", null, "THREE"], all.Select(result => result.Output?.Upper));
        Assert.Equal(1, Assert.Single(failed).Index);
        Assert.Contains("422", failed[0].ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_takes_at_its_full_depth_the_client_reads()
    {
        var deep = new string('[', 60) + new string(']', 60);
        using var client = server.Connect((request, _, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(request.RequestUri!.AbsolutePath.EndsWith("/results", StringComparison.Ordinal)
                ? $$"""{"index":0,"id":"{{Guid.Empty}}","state":"completed","result":{"a":{"b":{"c":{"d": {{deep}} } } } } }"""
                : $$$"""
                  {"data":[{"id":"{{{Guid.Empty}}}","name":"deep","cron":"0 3 * * *","time_zone":"UTC","overlap":"skip","service":"echo",
                   "source":{"type":"body","body":{"items": {{{deep}}} } },"paused":true,"created_at":"2031-01-01T00:00:00Z"}],
                   "next":null,"total":1,"total_is_exact":true}
                  """),
        }));

        Assert.Single(await client.ResultsAsync(Guid.NewGuid(), cancellationToken: Cancellation).ToListAsync(Cancellation));
        Assert.Single(await client.SchedulesAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Another_server_is_told_from_a_StashAI_server()
    {
        using var client = server.Connect(
            (_, _, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"ok":true}""") }));

        await Assert.ThrowsAsync<StashProtocolException>(
            async () => await client.JobsAsync(cancellationToken: Cancellation).ToListAsync(Cancellation));
        await Assert.ThrowsAsync<StashProtocolException>(async () => await client.ServicesAsync(Cancellation));
    }

    [Fact]
    public async Task An_answer_of_another_form_names_its_item()
    {
        using var client = server.Connect();
        var job = (await client.SubmitTextsAsync("echo.up", ["one"], cancellationToken: Cancellation)).JobId;
        await client.WaitAsync(job, Cancellation);

        var exception = await Assert.ThrowsAsync<StashProtocolException>(async () =>
            await client.ResultsAsync(job, ResultContext.Default.Int32, cancellationToken: Cancellation).ToListAsync(Cancellation));

        Assert.Contains("item 0 is not a Int32", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Followed_results_come_in_the_order_of_the_items_as_soon_as_they_can()
    {
        using var client = server.Connect();
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var job = (await client.SubmitTextsAsync("echo.up", ["first", held, "third"], cancellationToken: Cancellation)).JobId;

        var seen = new List<int>();
        await foreach (var result in client.ResultsAsync(job, new ResultQuery { Follow = true }, Cancellation))
        {
            seen.Add(result.Index);
            if (result.Index == 0) gate.Open();
        }

        Assert.Equal([0, 1, 2], seen);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_stream_that_breaks_goes_on_where_it_broke(bool asFinished, bool isOldServer)
    {
        var streams = 0;
        var asked = new List<string>();
        using var client = server.Connect(async (request, wire, cancellation) =>
        {
            var isResults = request.RequestUri!.AbsolutePath.EndsWith("/results", StringComparison.Ordinal);
            if (isResults) asked.Add(request.RequestUri.Query);
            if (isOldServer && request.RequestUri.Query.Contains("from=", StringComparison.Ordinal))
            {
                return new HttpResponseMessage(HttpStatusCode.UnprocessableEntity)
                {
                    RequestMessage = request,
                    Content = new StringContent(
                        """{"title":"x","detail":"x","errors":[{"field":"from","reason":"this route has no such parameter"}]}""",
                        Encoding.UTF8, "application/problem+json"),
                };
            }

            var response = await wire.SendAsync(request, cancellation);
            if (!isResults || Interlocked.Increment(ref streams) > 1) return response;
            // One whole line and a part of the next, and then the connection is gone.
            var text = await response.Content.ReadAsStringAsync(cancellation);
            response.Content = new StreamContent(new BrokenStream(text[..(text.IndexOf('\n', StringComparison.Ordinal) + 30)]));
            return response;
        });
        var job = (await client.SubmitTextsAsync("echo.up", ["one", "two", "three"], cancellationToken: Cancellation)).JobId;
        await client.WaitAsync(job, Cancellation);

        var results = await client.ResultsAsync(job, new ResultQuery { AsFinished = asFinished }, Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal([0, 1, 2], results.Select(result => result.Index).Order());
        Assert.Equal(2, streams);
        // As they finish, the first that came need not be the first item.
        if (!asFinished || results[0].Index == 0) Assert.Contains("from=1", asked[1], StringComparison.Ordinal);
        Assert.Equal(isOldServer ? 3 : 2, asked.Count);
    }

    /// <summary>What the service answers.</summary>
    internal sealed record Answer([property: JsonPropertyName("upper")] string Upper);

    [JsonSerializable(typeof(Answer))]
    [JsonSerializable(typeof(int))]
    internal sealed partial class ResultContext : JsonSerializerContext;
}
