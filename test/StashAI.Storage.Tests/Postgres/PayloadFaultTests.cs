using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>Faults at each step of the life of payload files in a shared folder.</summary>
public sealed class PayloadFaultTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task A_fault_at_any_step_loses_no_byte_of_a_job_and_leaves_nothing_behind(bool isEnd, bool isDone)
    {
        // The steps are those of SQLite, where all are tried; here each third is.
        for (var step = isEnd ? 1 : 2; ; step += 3)
        {
            await using var host = new PostgresHost(postgres) { UsesPayloadFiles = true };
            var faults = new PayloadFaults(host, disk => host.MakeDisk = disk);
            if (!await faults.RunAsync(step, isDone, isEnd, TestContext.Current.CancellationToken)) break;
        }
    }
}
