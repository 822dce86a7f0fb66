using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Limits that people set while a service runs, and its allowed hours (S3).</summary>
public abstract class LimitContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task Limits_that_were_set_win_over_the_declaration_until_null_takes_its_value_again()
    {
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 2, Rate = new RateLimit(1, 20) });
        await EnqueueAsync(30);
        Assert.Equal(2, (await ClaimAsync(9)).Count);

        await SetAsync(new LimitPatch { SetsMaxRunning = true, MaxRunning = 5 });
        Assert.Equal(3, (await ClaimAsync(9)).Count);
        await DeclareAsync(TestJobs.Manifest with { MaxRunning = 3, Rate = new RateLimit(1, 20) });
        var other = await OpenAnotherAsync();
        Assert.Empty(await ClaimAsync(9, store: other));
        await SetAsync(new LimitPatch { SetsMaxRunning = true, MaxRunning = 6 });
        Assert.Single(await ClaimAsync(9, store: other));

        await SetAsync(new LimitPatch { SetsMaxRunning = true, MaxRunning = null });
        Assert.Empty(await ClaimAsync(9));
        var limits = Assert.Single(await Store.Read.ListLimitsAsync(Cancellation));
        Assert.Equal((new LimitValues(3, 1, 20, null), default(LimitValues)), (limits.InForce, limits.Set));
    }

    [Fact]
    public async Task A_rate_that_was_set_holds_for_all_stores_and_without_a_declaration()
    {
        await EnqueueAsync(30);
        await SetAsync(new LimitPatch { SetsRate = true, RatePerSecond = 0.5 });
        var other = await OpenAnotherAsync();
        Assert.Single(await ClaimAsync(9));
        Assert.Empty(await ClaimAsync(9, store: other));
        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(await ClaimAsync(9, store: other));

        await SetAsync(new LimitPatch { SetsRate = true, RatePerSecond = 2, SetsBurst = true, RateBurst = 4 });
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(4, (await ClaimAsync(9)).Count);
        await SetAsync(new LimitPatch { SetsRate = true, SetsBurst = true });
        Assert.Equal(9, (await ClaimAsync(9)).Count);
    }

    [Fact]
    public async Task Outside_its_allowed_hours_nothing_of_a_service_is_claimed_and_what_runs_is_finished()
    {
        await DeclareAsync(TestJobs.Manifest with { AllowedHours = AllowedHours.Parse("22:00-07:00") });
        var job = await EnqueueAsync(3);
        await EnqueueAsync(3, TestJobs.Job with { Service = "other" });

        // It is noon.
        var batch = await Store.Work.ClaimAsync(Node, 9, 9, [TestJobs.Service], Cancellation);
        Assert.Equal((0, TimeSpan.FromHours(10)), (batch.Tasks.Count, batch.OpensIn));
        Assert.Equal(3, (await ClaimAsync(9)).Count);

        Clock.Advance(TimeSpan.FromHours(10) - TimeSpan.FromMilliseconds(1));
        await RenewAsync();
        Assert.Empty(await ClaimAsync(9));
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var running = await ClaimOneAsync();
        Clock.Advance(TimeSpan.FromHours(9));
        await RenewAsync();
        Assert.Empty(await ClaimAsync(9));
        await ApplyAsync(Done(running));

        // The window of the next night is stored once this one is over.
        Assert.Equal(TimeSpan.FromHours(24), await Store.Gate.KeepHoursAsync(Cancellation));
        var limits = (await Store.Read.ListLimitsAsync(Cancellation)).Single(one => one.Service == TestJobs.Service);
        Assert.True(limits.IsClosed(Clock.GetUtcNow()));
        Assert.Equal(Clock.GetUtcNow().AddHours(15), limits.OpenFrom);
        Clock.Advance(TimeSpan.FromHours(15));
        await RenewAsync();
        Assert.Equal(2, (await ClaimAsync(9)).Count(task => task.Attempt == 1 && task.Job.Key == job.Key));
    }

    [Fact]
    public async Task Hours_change_at_once_and_null_takes_the_declared_ones_again()
    {
        await EnqueueAsync(9);
        await SetHoursAsync("13:00-14:00 UTC");
        Assert.Empty(await ClaimAsync(1));
        await SetHoursAsync("11:00-14:00 UTC");
        Assert.Single(await ClaimAsync(1));
        await DeclareAsync(TestJobs.Manifest with { AllowedHours = AllowedHours.Parse("01:00-02:00") });
        Assert.Single(await ClaimAsync(1));
        await SetHoursAsync(null);
        Assert.Empty(await ClaimAsync(1));
        await SetHoursAsync("00:00-24:00");
        Assert.Single(await ClaimAsync(1));
        await SetHoursAsync(null);
        await DeclareAsync(TestJobs.Manifest with { AllowedHours = AllowedHours.Parse("12:00-12:01") });
        Assert.Single(await ClaimAsync(1));
        await DeclareAsync(TestJobs.Manifest);
        Assert.Single(await ClaimAsync(1));
        Assert.Null(Assert.Single(await Store.Read.ListLimitsAsync(Cancellation)).OpenUntil);
        Assert.Null(await Store.Gate.KeepHoursAsync(Cancellation));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_computes_the_window_again()
    {
        await EnqueueAsync(1);
        await SetHoursAsync("12:00-13:00");
        Assert.Equal(TimeSpan.FromHours(1), await Store.Gate.KeepHoursAsync(Cancellation));
        await using var behind = await Host.OpenAsync(
            new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Clock.GetUtcNow().AddDays(-30).AddMinutes(30)), Cancellation);

        Assert.Equal(TimeSpan.FromMinutes(30), await behind.Gate.KeepHoursAsync(Cancellation));
        var limits = Assert.Single(await Store.Read.ListLimitsAsync(Cancellation));
        Assert.Equal(Clock.GetUtcNow().AddDays(-30).AddHours(1), limits.OpenUntil);
    }

    private Task DeclareAsync(AdapterManifest manifest) => Store.Gate.DeclareAsync([manifest], Cancellation);

    private Task SetAsync(LimitPatch patch) => Store.Gate.SetLimitsAsync(TestJobs.Service, patch, Cancellation);

    private Task SetHoursAsync(string? hours) =>
        SetAsync(new LimitPatch { SetsHours = true, Hours = hours is null ? null : AllowedHours.Parse(hours) });

    private Task RenewAsync()
    {
        RegisterAgain();
        return Task.CompletedTask;
    }
}
