using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Policies;
using StashAI.Sdk;

namespace StashAI.Storage.Tests.Contract;

/// <summary>A clock that steps, and what is stored besides jobs: work that one process at a time does, and files of clients.</summary>
public abstract class ClockRecordContract(IStoreHost host) : StoreContract(host)
{
    private static readonly WaitLimits Limits = new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), Lease * 2);

    /// <summary>Files of clients live for as long as they say, and uploads too: not until a time that never came.</summary>
    [Theory]
    [InlineData(-1500)]
    [InlineData(3650)]
    public async Task A_file_that_came_under_a_wrong_clock_lives_as_long_as_any_other(int days)
    {
        var hour = TimeSpan.FromHours(1);
        var most = new ClientFileUsage(10, 1 << 20);
        await Store.Maintain.ObserveClockAsync(Cancellation);
        var right = Clock.GetUtcNow();
        Set(right.AddDays(days));
        await Store.Maintain.ObserveClockAsync(Cancellation);
        var body = await Store.BodyUploads.StartUploadAsync(
            new NewBodyUpload(Guid.NewGuid(), null, null, "{}", null, default), 10, hour, Cancellation);
        var file = await Store.Files.KeepUploadAsync(new(Guid.NewGuid(), "a", "batch", hour), body!.Id, most, Cancellation);
        var upload = await Store.ClientUploads.BeginUploadAsync(
            new NewClientUpload(Guid.NewGuid(), null, "a", "batch", "text/plain", 1, hour, hour), most, Cancellation);
        await LookAsync(TimeSpan.FromSeconds(60));
        Set(right.AddSeconds(65));

        Assert.Equal(0, await Store.Files.RemoveExpiredFilesAsync(10, Cancellation));
        Assert.Equal(0, await Store.ClientUploads.RemoveExpiredUploadsAsync(10, Cancellation));

        await Store.Maintain.ObserveClockAsync(Cancellation);
        var (kept, begun) = (
            await Store.Files.FindFileAsync(file!.Id, Cancellation), await Store.ClientUploads.FindUploadAsync(upload!.Id, Cancellation));
        Assert.InRange(kept!.ExpiresAt!.Value, right + hour - TimeSpan.FromMinutes(1), right + hour + TimeSpan.FromMinutes(2));
        Assert.InRange(begun!.ExpiresAt, right + hour - TimeSpan.FromMinutes(1), right + hour + TimeSpan.FromMinutes(2));
        await LookAsync(hour + TimeSpan.FromMinutes(5));
        Assert.Equal(1, await Store.Files.RemoveExpiredFilesAsync(10, Cancellation));
        Assert.Equal(1, await Store.ClientUploads.RemoveExpiredUploadsAsync(10, Cancellation));
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("bulk")]
    [InlineData("run")]
    [InlineData("erasure")]
    public async Task Work_of_a_dead_process_is_taken_soon_after_the_clock_is_set_back(string work)
    {
        switch (work)
        {
            case "batch":
                await Store.FileBatches.AddBatchAsync(new(Guid.NewGuid(), null, null, Guid.NewGuid(), "{}"), Cancellation);
                break;
            case "bulk":
                await Store.Bulk.AddBulkAsync(
                    new NewBulk(Guid.NewGuid(), BulkAction.Cancel, null, "{}", new JobQuery { Limit = 1 }, null, 0), Cancellation);
                break;
            case "run":
                var schedule = await Store.Schedules.AddScheduleAsync(
                    new Schedule
                    {
                        Id = Guid.NewGuid(),
                        Name = "s",
                        Cron = "0 3 * * *",
                        TimeZone = "UTC",
                        Service = "visage",
                        Source = "{}",
                    },
                    Cancellation);
                await Store.Schedules.AskRunAsync(schedule!.Key, Cancellation);
                break;
            default:
                await Store.Erasures.AddErasureAsync(Guid.NewGuid(), new ErasedSubject(["id"], ["Ann"]), null, Cancellation);
                break;
        }

        var right = Clock.GetUtcNow();
        Set(right.AddHours(3));
        Assert.True(await TakeAsync());
        Set(right);
        // The process that has it is not robbed of it at once.
        Assert.Equal(1, await Store.Maintain.EndImpossibleWaitsAsync(Limits, 10, Cancellation));
        Assert.Equal(0, await Store.Maintain.EndImpossibleWaitsAsync(Limits, 10, Cancellation));
        Assert.False(await TakeAsync());

        Clock.Advance(WaitLimits.Work + TimeSpan.FromSeconds(2));

        Assert.True(await TakeAsync());

        async Task<bool> TakeAsync()
        {
            var (worker, lease) = (Guid.NewGuid(), TimeSpan.FromSeconds(10));
            return work switch
            {
                "batch" => await Store.FileBatches.TakeBatchAsync(worker, lease, Cancellation) is not null,
                "bulk" => await Store.Bulk.TakeBulkAsync(worker, lease, Cancellation) is not null,
                "run" => await Store.Schedules.TakeRunAsync(worker, lease, Cancellation) is not null,
                _ => await Store.Erasures.TakeErasureAsync(worker, lease, Cancellation) is not null,
            };
        }
    }

    private async Task LookAsync(TimeSpan time)
    {
        await Store.Maintain.ObserveClockAsync(Cancellation);
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(30))
        {
            Clock.Advance(TimeSpan.FromSeconds(30));
            await Store.Maintain.ObserveClockAsync(Cancellation);
        }
    }

    private void Set(DateTimeOffset time) => Clock.AdjustTime(time);
}
