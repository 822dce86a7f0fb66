using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>A page of jobs comes from a bounded number of jobs, and says where the next one begins.</summary>
public sealed class JobListingTests
{
    private const int Examined = JobListing.MaxExamined;

    [Fact]
    public void A_read_that_stops_early_goes_on_where_it_stopped() =>
        Assert.Equal(("20000", 1, false, 20_001 - Examined), Look(Examined, isComplete: false, key => key == 20_000, limit: 5));

    [Fact]
    public void A_full_page_ends_at_its_last_job_and_the_rest_is_counted() =>
        Assert.Equal(("20000 19000", 5, false, 19_000), Look(Examined, isComplete: false, key => key % 1000 == 0, limit: 2));

    [Fact]
    public void The_last_page_has_no_next() =>
        Assert.Equal(("20000 19950", 2, true, null), Look(100, isComplete: true, key => key % 50 == 0, limit: 5));

    [Fact]
    public void An_offset_skips_jobs_that_match_and_counts_them() =>
        Assert.Equal(("19950", 2, true, null), Look(100, isComplete: true, key => key % 50 == 0, limit: 5, offset: 1));

    [Fact]
    public void A_count_has_no_jobs() =>
        Assert.Equal(("", 5, false, 20_001 - Examined), Look(Examined, isComplete: false, key => key % 1000 == 0, limit: 0));

    private static (string Keys, long Total, bool IsExact, long? Next) Look(
        int count, bool isComplete, Func<long, bool> isWanted, int limit, int offset = 0)
    {
        var listing = new JobListing(new JobQuery { NamePart = "wanted", Limit = limit, Offset = offset });
        for (var key = 20_000L; key > 20_000 - count; key--)
        {
            listing.Examine(new JobCandidate(
                0, key, Guid.Empty, "echo", false, JobState.Pending, isWanted(key) ? "Wanted" : "other", "echo", null, false, 0, null, null,
                true, null, 0));
        }

        var page = listing.Page([], isComplete);
        return (string.Join(' ', listing.Keys), page.Total, page.IsTotalExact, page.Next?.Key);
    }
}
