using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Tests.Dialects.OpenAi;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects;

/// <summary>
/// Every route that reads the results of a job: among many readers its pages are small, and it does not end as if it were whole when the
/// job is deleted on the way.
/// </summary>
public sealed class CrowdedDownloadTests
{
    private const int Tasks = 40;

    private const int BytesOfResult = 20_000;

    /// <summary>Of 16 MB, each of 65 readers has so many results.</summary>
    private const int MostInCrowd = 13;

    private static readonly Reply Result = Reply.Json($$"""{"pad":"{{new string('x', BytesOfResult)}}"}""");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> OfJobs =>
    [
        "/api/jobs/{0}/results", "/api/jobs/{0}/results?format=csv", "/api/jobs/{0}/results?format=zip",
        "/api/jobs/{0}/results?format=json", "/api/jobs/{0}/results?order=finished", "/api/jobs/{0}/results?follow=true",
        "/api/jobs/{0}/results?follow=true&order=finished", "/api/queue/job/{0}/results?format=ndjson",
        "/api/queue/status/{0}?format=ndjson", "/api/queue/status/{0}", "/api/queue/job/{0}", "/api/visage/job/{0}/results",
    ];

    public static TheoryData<string> OfBatches =>
        ["/v1/batches/{0}/output", "/v1/batches/{0}/output?follow=1", "/v1/batches/{0}/errors", "/v1/batches/{0}/errors?follow=1"];

    [Theory]
    [MemberData(nameof(OfJobs))]
    public async Task Results_of_jobs_are_read_in_small_pages_among_many_readers(string route)
    {
        GatewayHost.SkipInDirectMode();
        var reads = new Reads();
        await using var gateway = await StartAsync(reads);
        var id = await EndedAsync(gateway);

        await CheckAsync(gateway, string.Format(null, route, id), reads);
    }

    [Theory]
    [MemberData(nameof(OfBatches))]
    public async Task Results_of_batches_are_read_in_small_pages_among_many_readers(string route)
    {
        var reads = new Reads();
        await using var host = await OpenAiHost.StartAsync(configure: builder => Intercepting.In<IRead>(builder, reads.Answer));
        var text = new string('x', BytesOfResult);
        string[] lines = [.. Enumerable.Range(0, Tasks).Select(i => OpenAiHost.Line($"{i}", i % 2 == 0 ? text : "refused"))];
        var batch = await host.UntilAsync((await host.SubmitAsync("", lines)).Text("id"), "completed");

        await CheckAsync(host.Gateway, string.Format(null, route, batch.Text("id")), reads);
    }

    [Theory]
    [MemberData(nameof(OfJobs))]
    public async Task A_job_that_is_deleted_on_the_way_is_no_end_of_its_results(string route)
    {
        GatewayHost.SkipInDirectMode();
        var reads = new Reads();
        await using var gateway = await StartAsync(reads);
        var id = await EndedAsync(gateway);
        using var crowd = new Crowd(gateway);
        reads.Restart(isDeleted: true);

        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Http.GetStringAsync(string.Format(null, route, id), Cancellation));

        Assert.True(reads.Sizes.Count > 1);
        Assert.Empty(gateway.Errors.Lines);
    }

    private static async Task<GatewayHost> StartAsync(Reads reads)
    {
        var gateway = await GatewayHost.StartAsync(configure: builder => Intercepting.In<IRead>(builder, reads.Answer));
        gateway.Visage.Script = _ => Result;
        return gateway;
    }

    private static async Task<string> EndedAsync(GatewayHost gateway)
    {
        var id = await gateway.SubmitAsync([.. Enumerable.Range(0, Tasks).Select(i => $"{i}")]);
        await gateway.EndOfAsync(id);
        return id;
    }

    private static async Task CheckAsync(GatewayHost gateway, string path, Reads reads)
    {
        var alone = await gateway.Http.GetByteArrayAsync(path, Cancellation);
        using (var crowd = new Crowd(gateway))
        {
            reads.Restart();
            var crowded = await gateway.Http.GetByteArrayAsync(path, Cancellation);
            // The times in an archive are those of its writing.
            Assert.Equal(alone.Length, crowded.Length);
            if (!path.EndsWith("zip", StringComparison.Ordinal)) Assert.Equal(alone, crowded);
        }

        if (!path.Contains("errors", StringComparison.Ordinal)) Assert.True(reads.Sizes.Count > 2);
        Assert.All(reads.Sizes, size => Assert.InRange(size, 1, MostInCrowd));
        var room = gateway.Services.GetRequiredService<DownloadRoom>();
        List<DownloadRoom.Download> few = [room.Begin(), room.Begin(), room.Begin(), room.Begin()];
        // Every reader has given its room back.
        Assert.True(few[^1].MayReadAhead);
    }

    /// <summary>Readers that read nothing.</summary>
    private sealed class Crowd : IDisposable
    {
        private readonly List<DownloadRoom.Download> readers;

        public Crowd(GatewayHost gateway)
        {
            var room = gateway.Services.GetRequiredService<DownloadRoom>();
            readers = [.. Enumerable.Range(0, 64).Select(_ => room.Begin())];
        }

        public void Dispose() => readers.ForEach(reader => reader.Dispose());
    }

    /// <summary>Notes how many results are read at once, and may answer as a store does whose job was deleted behind the first page.
    /// </summary>
    private sealed class Reads
    {
        private readonly Lock gate = new();
        private List<int> sizes = [];
        private bool isDeleted;

        public IReadOnlyList<int> Sizes
        {
            get
            {
                lock (gate) return [.. sizes];
            }
        }

        public void Restart(bool isDeleted = false)
        {
            lock (gate) (sizes, this.isDeleted) = ([], isDeleted);
        }

        public Task<IReadOnlyList<TaskView>>? Answer(string method, object?[] args)
        {
            var size = (method, args) switch
            {
                ("ListTasksAsync", [long, int, int limit, true, _]) => limit,
                ("FindTasksAsync", [IReadOnlyList<long> keys, true, _]) => keys.Count,
                _ => 0,
            };
            if (size == 0) return null;
            lock (gate)
            {
                sizes.Add(size);
                return isDeleted && sizes.Count > 1 ? Task.FromResult<IReadOnlyList<TaskView>>([]) : null;
            }
        }
    }
}
