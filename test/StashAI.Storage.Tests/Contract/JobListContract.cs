using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Lists of jobs with every filter, and what jobs are found by.</summary>
public abstract class JobListContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task A_job_keeps_its_tags_its_owner_and_the_job_that_it_repeats()
    {
        var first = await EnqueueAsync(1, TestJobs.Job with { Tags = ["summer", "Ålesund", "summer"], Owner = "laptop" });
        var second = await EnqueueAsync(1, TestJobs.Job with { SourceJob = first.JobId });

        var (labelled, plain) = (await JobAsync(first), await JobAsync(second));

        Assert.Equal(["summer", "Ålesund"], labelled.Tags);
        Assert.Equal(("laptop", (Guid?)null, TestJobs.Job.MaxParallel), (labelled.Owner, labelled.SourceJob, labelled.MaxParallel));
        Assert.Equal((null, (Guid?)first.JobId), (plain.Owner, plain.SourceJob));
        Assert.Empty(plain.Tags);
    }
}
