using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Postgres.Units;

namespace StashAI.Storage.Postgres.Work;

/// <summary>What recorded outcomes have changed: all tasks in one row, because a row for each costs more to send and to read.</summary>
internal static class PostgresRecorded
{
    /// <summary>The SELECT that ends a statement with <see cref="PostgresUnit.Move"/>.</summary>
    public const string Changes = """

        SELECT ARRAY_AGG(id) AS tasks, ARRAY_AGG(version) AS versions, ARRAY_AGG(becomes) AS states,
            NULL::bigint, NULL::bigint, NULL::int, NULL::int, NULL::uuid, NULL::boolean
        FROM changed
        UNION ALL
        SELECT NULL, NULL, NULL, id, version, before::int, state::int, public_id, is_ready FROM moved
        """;

    /// <summary>Reads the rows of <see cref="Changes"/>, and whether a job can give tasks that could give none before.</summary>
    public static async Task<(ChangeSet Changes, bool HasNewWork)> ReadAsync(NpgsqlDataReader rows)
    {
        TaskChange[] tasks = [];
        var jobs = new List<JobChange>();
        var hasNew = false;
        while (await rows.ReadAsync())
        {
            if (!rows.IsDBNull(3))
            {
                jobs.Add(new JobChange(
                    rows.GetInt64(3), rows.GetGuid(7), rows.GetInt64(4), (JobState)rows.GetInt32(5), (JobState)rows.GetInt32(6)));
                hasNew |= rows.GetBoolean(8);
            }
            else if (!rows.IsDBNull(0))
            {
                var keys = rows.GetFieldValue<long[]>(0);
                var (versions, states) = (rows.GetFieldValue<int[]>(1), rows.GetFieldValue<int[]>(2));
                tasks = new TaskChange[keys.Length];
                for (var i = 0; i < keys.Length; i++) tasks[i] = new TaskChange(keys[i], versions[i], (TaskState)states[i]);
            }
        }

        Array.Sort(tasks, (a, b) => a.Key.CompareTo(b.Key));
        return (tasks.Length + jobs.Count == 0 ? ChangeSet.Empty : new ChangeSet(tasks, jobs), hasNew);
    }
}
