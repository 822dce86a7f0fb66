using System.Globalization;
using System.Net;
using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary>Results of a job that is over: in the order in which they finished, from an item on, and in ranges of bytes.</summary>
public sealed class ResultRangeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_come_in_the_order_in_which_they_finished_and_from_an_item_on()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync(workers: 3);
        var gates = new[] { "0", "1", "2" }.ToDictionary(item => item, _ => new Gate());
        gateway.Visage.Script = call => Reply.Hold(gates[call.Item], Reply.Json("{}"));
        var id = await gateway.SubmitAsync("0", "1", "2");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(3, Cancellation);
        using var watch = new FeedWatch(gateway.Feed);
        foreach (var item in (string[])["2", "0", "1"])
        {
            gates[item].Open();
            for (var changed = watch.Next; ; changed = watch.Next)
            {
                var ended = await IndexesAsync(gateway, $"/api/jobs/{id}/results");
                if (ended.Contains(int.Parse(item, CultureInfo.InvariantCulture))) break;
                await changed.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            }
        }

        await gateway.EndOfAsync(id);
        foreach (var gate in gates.Values) gate.Dispose();

        Assert.Equal((int[])[2, 0, 1], await IndexesAsync(gateway, $"/api/jobs/{id}/results?order=finished"));
        Assert.Equal((int[])[2, 1], await IndexesAsync(gateway, $"/api/jobs/{id}/results?order=finished&from=1"));
        Assert.Equal((int[])[1, 2], await IndexesAsync(gateway, $"/api/jobs/{id}/results?from=1"));
        Assert.Equal((int[])[1, 2], await IndexesAsync(gateway, $"/api/jobs/{id}/results?from=1&follow=true"));
        Assert.Equal((int[])[], await IndexesAsync(gateway, $"/api/jobs/{id}/results?from=3&follow=true"));
        Assert.Equal((int[])[], await IndexesAsync(gateway, $"/api/jobs/{id}/results?from=2000000000&follow=true&order=finished"));
    }

    [Theory]
    [InlineData("ndjson", "item")]
    [InlineData("csv", "item")]
    [InlineData("ndjson", "finished")]
    public async Task Every_range_of_a_finished_job_is_that_part_of_the_whole(string format, string order)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => Reply.Json($$"""{"item":"{{call.Item}}\u00fc"}""");
        var id = await gateway.SubmitAsync([.. Enumerable.Range(0, 20).Select(i => $"photo {i}")]);
        await gateway.EndOfAsync(id);
        var path = $"/api/jobs/{id}/results?format={format}&order={order}";
        using var whole = await gateway.SendAsync(HttpMethod.Get, path);
        var bytes = await whole.Content.ReadAsByteArrayAsync(Cancellation);
        var tag = whole.Headers.ETag!;
        Assert.False(tag.IsWeak);
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());

        var random = new Random(1);
        for (var i = 0; i < 30; i++)
        {
            var first = random.Next(bytes.Length);
            var last = random.Next(first, bytes.Length + 100);
            var range = (i % 3) switch { 0 => $"bytes={first}-{last}", 1 => $"bytes={first}-", _ => $"bytes=-{bytes.Length - first}" };
            var end = i % 3 == 0 ? Math.Min(last, bytes.Length - 1) : bytes.Length - 1;
            using var part = await gateway.SendAsync(HttpMethod.Get, path, null, ("Range", range), ("If-Range", tag.ToString()));
            Assert.Equal((HttpStatusCode.PartialContent, tag), (part.StatusCode, part.Headers.ETag));
            Assert.Equal($"bytes {first}-{end}/{bytes.Length}", part.Content.Headers.ContentRange?.ToString());
            Assert.Equal(bytes[first..(end + 1)], await part.Content.ReadAsByteArrayAsync(Cancellation));
        }

        foreach (var (name, value) in ((string, string)[])[("Range", "bytes=1-2,4-5"), ("Range", "lines=1-2"), ("Range", "bytes=x")])
        {
            using var all = await gateway.SendAsync(HttpMethod.Get, path, null, (name, value));
            Assert.Equal(HttpStatusCode.OK, all.StatusCode);
            Assert.Equal(bytes, await all.Content.ReadAsByteArrayAsync(Cancellation));
        }

        using var behind = await gateway.SendAsync(HttpMethod.Get, path, null, ("Range", $"bytes={bytes.Length}-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, behind.StatusCode);
        Assert.Equal($"bytes */{bytes.Length}", behind.Content.Headers.ContentRange?.ToString());
    }

    [Theory]
    [InlineData("ndjson")]
    [InlineData("csv")]
    public async Task Results_that_a_client_has_are_a_304(string format)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var id = await gateway.SubmitAsync("a", "b");
        await gateway.EndOfAsync(id);
        var path = $"/api/jobs/{id}/results?format={format}";
        using var first = await gateway.SendAsync(HttpMethod.Get, path);
        var tag = first.Headers.ETag!.ToString();

        using var known = await gateway.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", $"\"x\", W/{tag}"), ("Range", "bytes=1-2"));
        using var other = await gateway.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", "\"x\""));

        Assert.Equal((HttpStatusCode.NotModified, tag), (known.StatusCode, known.Headers.ETag?.ToString()));
        Assert.Empty(await known.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_range_of_what_has_changed_is_the_whole_and_a_running_job_has_none()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400) : Reply.Hold(gate, Reply.Json("{}"));
        var id = await gateway.SubmitAsync("bad", "good");
        var path = $"/api/jobs/{id}/results";
        using (var running = await gateway.SendAsync(HttpMethod.Get, path, null, ("Range", "bytes=0-1")))
            Assert.Equal((HttpStatusCode.OK, null), (running.StatusCode, running.Headers.ETag));
        gate.Open();
        await gateway.EndOfAsync(id);
        using var before = await gateway.SendAsync(HttpMethod.Get, path);

        gateway.Visage.Script = _ => Reply.Json("{}");
        using (var retry = await gateway.SendAsync(HttpMethod.Post, $"/api/queue/retry/{id}")) { }
        await gateway.EndOfAsync(id);
        using var after = await gateway.SendAsync(
            HttpMethod.Get, path, null, ("Range", "bytes=5-"), ("If-Range", before.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        using var weak = await gateway.SendAsync(
            HttpMethod.Get, path, null, ("Range", "bytes=5-"), ("If-Range", $"W/{after.Headers.ETag}"));
        Assert.Equal(HttpStatusCode.OK, weak.StatusCode);
    }

    private static async Task<int[]> IndexesAsync(GatewayHost gateway, string path)
    {
        var text = await gateway.Http.GetStringAsync(new Uri(gateway.Url + path), Cancellation);
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            {
                using var json = JsonDocument.Parse(line);
                return json.RootElement.Whole("index");
            }),
        ];
    }
}
