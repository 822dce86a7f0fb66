using System.Net;
using System.Net.Http.Headers;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>Contents of files in ranges: uploaded ones, and those of a batch's results.</summary>
public sealed class ContentRangeTests
{
    private const int Tries = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_range_of_a_file_has_the_bytes_of_the_whole()
    {
        await using var host = await OpenAiHost.StartAsync();
        var random = new Random(11);
        // Several pieces of the store, the last one short.
        var bytes = new byte[2_500_001];
        random.NextBytes(bytes);
        using var form = OpenAiHost.Form(bytes, "a.bin", "user_data");
        var uploaded = (await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", form, Cancellation), 200)).GetProperty("id");
        var lines = Enumerable.Range(0, 40).Select(i => OpenAiHost.Line($"{i}", i % 4 == 3 ? "refused" : new string('ä', i * 9))).ToArray();
        var id = (await host.SubmitAsync("", lines)).GetProperty("id").GetString();
        var batch = await host.UntilAsync(id!, "completed");

        await CheckAsync($"/v1/files/{uploaded}/content");
        foreach (var field in (string[])["output_file_id", "error_file_id"])
            await CheckAsync($"/v1/files/{batch.GetProperty(field)}/content");
        await CheckAsync($"/v1/batches/{id}/output");
        await CheckAsync($"/v1/batches/{id}/errors");

        async Task CheckAsync(string path)
        {
            using var all = await host.Http.GetAsync(path, Cancellation);
            var whole = await all.Content.ReadAsByteArrayAsync(Cancellation);
            var tag = all.Headers.ETag!;
            Assert.False(tag.IsWeak);
            Assert.Equal("bytes", all.Headers.AcceptRanges.Single());
            for (var i = 0; i < Tries; i++)
            {
                var (from, to) = RangeOf(random, whole.Length);
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Range = new RangeHeaderValue(from, to);
                if (i % 2 == 0) request.Headers.IfRange = new RangeConditionHeaderValue(tag);
                using var answer = await host.Http.SendAsync(request, Cancellation);
                var first = from ?? Math.Max(0, whole.Length - to!.Value);
                var last = from is null ? whole.Length - 1 : Math.Min(to ?? long.MaxValue, whole.Length - 1);
                if (first > last)
                {
                    Assert.Equal(whole.Length, answer.Content.Headers.ContentRange!.Length);
                    await OpenAiHost.ReadAsync(answer, 416);
                    continue;
                }

                Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
                var range = answer.Content.Headers.ContentRange!;
                Assert.Equal((first, last, whole.Length), (range.From, range.To, range.Length));
                Assert.Equal(
                    whole[(int)first..((int)last + 1)], await answer.Content.ReadAsByteArrayAsync(Cancellation));
            }

            // Another version, several ranges and unknown units give the whole; a known version gives nothing.
            Assert.Equal(whole, await SendAsync(path, HttpStatusCode.OK, ("Range", "bytes=1-2"), ("If-Range", "\"other\"")));
            Assert.Equal(whole, await SendAsync(path, HttpStatusCode.OK, ("Range", "bytes=1-2,4-5")));
            Assert.Equal(whole, await SendAsync(path, HttpStatusCode.OK, ("Range", "lines=1-2")));
            Assert.Empty(await SendAsync(path, HttpStatusCode.NotModified, ("If-None-Match", $"{tag}")));
            using var head = await host.Gateway.SendAsync(HttpMethod.Head, path);
            Assert.Equal((HttpStatusCode.OK, tag), (head.StatusCode, head.Headers.ETag));
        }

        async Task<byte[]> SendAsync(string path, HttpStatusCode status, params (string, string)[] headers)
        {
            using var answer = await host.Gateway.SendAsync(HttpMethod.Get, path, null, headers);
            Assert.Equal(status, answer.StatusCode);
            return await answer.Content.ReadAsByteArrayAsync(Cancellation);
        }
    }

    [Fact]
    public async Task An_empty_file_has_no_range()
    {
        await using var host = await OpenAiHost.StartAsync();
        var file = (await host.UploadAsync("", "a.txt", "user_data")).GetProperty("id");

        using var whole = await host.Http.GetAsync($"/v1/files/{file}/content", Cancellation);
        using var part = await host.Gateway.SendAsync(HttpMethod.Get, $"/v1/files/{file}/content", null, ("Range", "bytes=0-"));

        Assert.Equal((HttpStatusCode.OK, 0L), (whole.StatusCode, whole.Content.Headers.ContentLength));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, part.StatusCode);
    }

    private static (long? From, long? To) RangeOf(Random random, int length)
    {
        long At() => random.Next(8) switch { 0 => 0, 1 => length - 1, 2 => length, 3 => length + 7L, _ => random.Next(length) };
        var (a, b) = (At(), At());
        return random.Next(3) switch { 0 => (a, null), 1 => (null, a), _ => (Math.Min(a, b), Math.Max(a, b)) };
    }
}
