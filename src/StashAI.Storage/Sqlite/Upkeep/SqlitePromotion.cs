using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Jobs;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Upkeep;

internal static class SqlitePromotion
{
    public const string NextDue = "SELECT MIN(due_at) FROM queue_tasks WHERE state = 1 /* Scheduled */";

    private const string Promote = """
        UPDATE queue_tasks SET state = 0 /* Available */, requeued = MAX(requeued, 1), version = version + 1, due_at = NULL
        WHERE id IN (SELECT id FROM queue_tasks WHERE state = 1 /* Scheduled */ AND due_at <= stashai_now() ORDER BY due_at LIMIT ?1)
        RETURNING id, version, requeued
        """;

    public static ChangeSet PromoteDue(SqliteSession session, int limit)
    {
        var unit = new SqliteUnit(session);
        SqliteDeadlines.StartDue(session, unit, limit);
        var rows = session.Use(Promote).Bind(1, limit);
        while (rows.Step())
        {
            var delta = unit.Job(TaskKey.JobOf(rows.Int64(0)));
            delta.Move(TaskState.Scheduled, TaskState.Available);
            if (rows.Int32(2) == 1) delta.Requeued++;
            unit.Changed(rows.Int64(0), rows.Int32(1), TaskState.Available);
        }

        return unit.Finish();
    }
}
