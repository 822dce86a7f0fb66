using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>Faults at each step of the life of segments in a shared folder and in objects.</summary>
public sealed class PayloadFaultTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(PayloadKind.Files, true, true)]
    [InlineData(PayloadKind.Files, true, false)]
    [InlineData(PayloadKind.Files, false, false)]
    [InlineData(PayloadKind.Objects, true, true)]
    [InlineData(PayloadKind.Objects, true, false)]
    [InlineData(PayloadKind.Objects, false, false)]
    public async Task A_fault_at_any_step_loses_no_byte_of_a_job_and_leaves_nothing_behind(PayloadKind kind, bool isEnd, bool isDone)
    {
        // The steps are those of SQLite, where all are tried; here each third is.
        for (var step = isEnd ? 1 : 2; ; step += 3)
        {
            await using var host = new PostgresHost(postgres, payloads: kind);
            var faults = new PayloadFaults(host, host.Keeping);
            if (!await faults.RunAsync(step, isDone, isEnd, TestContext.Current.CancellationToken)) break;
        }
    }
}
