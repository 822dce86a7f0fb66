using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>A search looks at a bounded number of jobs, and says where it stopped.</summary>
public sealed class JobSearchTests
{
    [Fact]
    public void A_search_that_stops_early_goes_on_where_it_stopped()
    {
        var search = Look(JobSearch.MaxExamined, key => key % 5000 == 0, limit: 5);

        Assert.Equal([20_000, 15_000], search.Keys);
        Assert.Equal((2, false, 10_001), (search.Matches, search.IsComplete, search.Next));
    }

    [Fact]
    public void A_full_page_ends_at_its_last_job_and_the_rest_is_counted()
    {
        var search = Look(JobSearch.MaxExamined, key => key % 1000 == 0, limit: 2);

        Assert.Equal([20_000, 19_000], search.Keys);
        Assert.Equal((10, false, 19_000), (search.Matches, search.IsComplete, search.Next));
    }

    [Fact]
    public void The_last_page_has_no_next()
    {
        var search = Look(100, key => key % 50 == 0, limit: 5);

        Assert.Equal((2, true, (long?)null), (search.Matches, search.IsComplete, search.Next));
    }

    private static JobSearch Look(int count, Func<long, bool> isWanted, int limit)
    {
        var search = new JobSearch(new JobFilter([], null, limit, 0) { NamePart = "wanted" });
        for (var key = 20_000L; key > 20_000 - count; key--)
        {
            search.Examine(new JobRow(key, "echo", false, JobState.Pending, isWanted(key) ? "Wanted" : "other", null, null));
        }

        return search;
    }
}
