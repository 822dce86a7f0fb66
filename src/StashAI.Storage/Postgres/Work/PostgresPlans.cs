using Npgsql;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Postgres.Work;

/// <summary>
/// Makes the server plan the statements of claims and outcomes when a connection for them is opened. They are long, so the first tasks
/// would otherwise wait for their plans.
/// </summary>
internal static class PostgresPlans
{
    /// <summary>The driver prepares a statement when it runs for the second time, and the server plans it then.</summary>
    private const int Runs = 2;

    /// <summary>Runs the statements without a task: they change nothing.</summary>
    public static async Task MakeAsync(NpgsqlConnection connection, PostgresUse use)
    {
        if (use == PostgresUse.Other) return;
        for (var run = 0; run < Runs; run++)
        {
            await using var batch = new PostgresBatch(new NpgsqlBatch(connection));
            if (use == PostgresUse.Claims)
            {
                PostgresOpenLanes.AddReads(batch, [], 0, 0);
                PostgresTake.AddClaim(batch, 0, new ClaimBatch(PostgresTake.Claim, [], [], [], []) { PackSizes = [] });
            }
            else
            {
                PostgresApply.AddSuccesses(batch, 0, []);
            }

            await batch.RunAsync(CancellationToken.None);
        }
    }
}
