using System.Net.Http.Json;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Uploads;

/// <summary>The promise of the intake: whatever is uploaded, the process grows by less than 100 MB.</summary>
public sealed class UploadMemoryTests
{
    private const long Promise = 100_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Five_hundred_photos_of_two_megabytes() =>
        MeasureAsync("500 photos of 2 MB", gateway => UploadAsync(gateway, photos: 500, blocksEach: 43));

    [Fact]
    public Task One_photo_of_sixty_four_megabytes() =>
        MeasureAsync("1 photo of 64 MB", gateway => UploadAsync(gateway, photos: 1, blocksEach: 1366));

    [Fact]
    public Task Sixteen_uploads_of_sixty_megabytes_at_once() =>
        MeasureAsync(
            "16 uploads of 60 MB at once",
            gateway => Task.WhenAll(Enumerable.Range(0, 16).Select(_ => UploadAsync(gateway, photos: 10, blocksEach: 128))));

    [Fact]
    public Task A_client_with_fifty_kilobytes_a_second_while_other_jobs_go_on() =>
        MeasureAsync(
            "1 client with 50 KB/s for 10 s",
            async gateway =>
            {
                using var content = new SlowUpload();
                var slow = gateway.Http.PostAsync("/api/visage/job", content, Cancellation);
                var others = 0;
                for (; !slow.IsCompleted; others++)
                {
                    var job = await gateway.EndOfAsync((await gateway.SubmitAsync(["a", "b", "c"])).GetProperty("job_id").GetString()!);
                    Assert.Equal("completed", job.GetProperty("status").GetString());
                }

                using var response = await slow;
                Assert.Equal(202, (int)response.StatusCode);
                Assert.True(others > 1, "No other job went on beside the slow upload.");
                TestContext.Current.TestOutputHelper?.WriteLine($"{others} other jobs ended meanwhile.");
            },
            withCalls: true);

    private static async Task MeasureAsync(string what, Func<ServedGateway, Task> load, bool withCalls = false)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Peak memory is read from /proc.");
        await using var gateway = await ServedGateway.StartAsync(bodies: BodyHandling.Hash);
        await gateway.EndOfAsync((await gateway.SubmitAsync(["warm", "up"])).GetProperty("job_id").GetString()!);
        if (!withCalls) await BlockCallsAsync(gateway);
        gateway.Process.ResetPeakMemory();
        var before = gateway.Process.ReadMemory().ResidentBytes;

        await load(gateway);

        var growth = gateway.Process.ReadMemory().PeakResidentBytes - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {before / 1e6:0.0} MB before, {growth / 1e6:0.0} MB growth at the peak.");
        Assert.InRange(growth, 0, Promise);
    }

    /// <summary>The service asks to wait, so that what is uploaded later is not called for meanwhile.</summary>
    private static async Task BlockCallsAsync(ServedGateway gateway)
    {
        gateway.Visage.Script = _ => Reply.Status(429, retryAfter: TimeSpan.FromHours(1));
        var jobId = (await gateway.SubmitAsync(["x"])).GetProperty("job_id").GetString()!;
        using var socket = await gateway.ConnectAsync();
        await socket.FollowJobAsync(jobId);
        await socket.UntilAsync(IsBlocked);

        static bool IsBlocked(JsonElement message) =>
            message.TryGetProperty("status", out var status) && status.GetString() == "running"
            && message.GetProperty("running_tasks").GetInt32() == 0;
    }

    private static async Task UploadAsync(ServedGateway gateway, int photos, int blocksEach)
    {
        using var content = new PhotoUpload(photos, blocksEach);
        using var response = await gateway.Http.PostAsync("/api/visage/job", content, Cancellation);
        var job = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(202, (int)response.StatusCode);
        Assert.Equal(photos, job.GetProperty("total_tasks").GetInt32());
    }
}
