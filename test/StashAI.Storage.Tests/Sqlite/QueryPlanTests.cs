using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Subjects;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>A filled database, made once for all plans.</summary>
public sealed class FilledFile : IAsyncLifetime
{
    public SqliteHost Host { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await (await Host.OpenAsync(new FakeTimeProvider(), CancellationToken.None)).DisposeAsync();
        Host.Scalar("""
            BEGIN;
            INSERT INTO lanes (id, service, authority, origin) VALUES (1, 'echo', 'a:1', 'http://a:1'), (2, 'other', 'b:1', 'http://b:1');
            INSERT INTO nodes (id, name, host, process_id, started_at, lease_until, has_lock, rescued)
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                SELECT i, 'n', 'h', 1, 0, 0, 1, i < 498 FROM n;
            INSERT INTO queue_jobs (id, public_id, state, lane_id, service, vtime, total, available, running, completed, single_task, user_id, session_id, created_at, updated_at)
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                SELECT i, randomblob(16), i % 6, 1 + i % 2, 'echo', i, 10, i % 10, i % 50 = 0, 0, i % 2, 'u' || i % 9, 's' || i, 0, 0 FROM n;
            INSERT INTO queue_tasks (id, state, requeued, node_id, due_at)
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199999)
                SELECT ((1 + i / 10) << 24) + i % 10, CASE WHEN i % 100 = 0 THEN 2 WHEN i % 97 = 0 THEN 1 ELSE i % 3 * (i % 3 + 1) / 2 END,
                    i % 31 = 0, 1 + i % 500, CASE WHEN i % 97 = 0 THEN i END FROM n;
            INSERT INTO task_inputs (task_id, input) SELECT id, x'7b7d' FROM queue_tasks;
            INSERT INTO payloads (id, upload_job_id, size, refs)
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                SELECT i, i, 0, i % 100 <> 0 FROM n;
            COMMIT;
            """);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>The hot statements, as the store itself has them, go through the index that was made for them.</summary>
public sealed class QueryPlanTests(FilledFile file) : IClassFixture<FilledFile>
{
    [Theory]
    [InlineData("SqliteOpenLanes", "Runnable", "SEARCH queue_jobs USING INDEX queue_jobs_runnable (lane_id=?)")]
    [InlineData("SqliteOpenLanes", "ReadLanes", "queue_jobs_running (lane_id=?)")]
    [InlineData("SqliteOpenLanes", "ReadLanes", "SEARCH j USING INDEX queue_jobs_runnable (lane_id=?)")]
    [InlineData("SqliteOpenLanes", "NextOpening", "lanes_blocked (blocked_until>?)")]
    [InlineData("SqliteTake", "FindNeverClaimed", "SEARCH queue_tasks USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]
    [InlineData("SqliteTake", "FindRequeued", "queue_tasks_requeued (id>? AND id<?)")]
    [InlineData("SqliteTake", "ReadPayloads", "SEARCH t USING PRIMARY KEY (task_id=? AND ordinal>?)")]
    [InlineData("SqliteAging", "Heads", "SEARCH queue_jobs USING INDEX queue_jobs_runnable (lane_id=? AND effective_priority=?)")]
    [InlineData("SqliteAging", "OpenLanes", "SEARCH j EXISTS USING INDEX queue_jobs_runnable (lane_id=?")]
    [InlineData("SqliteFairStart", "OfNew", "SEARCH h USING INDEX queue_jobs_runnable (lane_id=? AND effective_priority=?)")]
    [InlineData("SqliteGate", "ToProbe", "lanes_to_probe (circuit_until<?)")]
    [InlineData("SqlitePromotion", "Promote", "queue_tasks_due (due_at<?)")]
    [InlineData("SqlitePromotion", "NextDue", "queue_tasks_due")]
    [InlineData("SqliteRescue", "FindRunning", "queue_tasks_of_node (node_id=?)")]
    [InlineData("SqliteRescue", "LostNodes", "nodes_unrescued")]
    [InlineData("SqliteRescue", "LockedNodes", "nodes_unrescued")]
    [InlineData("SqliteSuspects", "Find", "queue_tasks_suspects")]
    [InlineData("SqliteCancel", "UnfinishedCancels", "queue_jobs_cancelling")]
    [InlineData("SqliteRemoval", "LostUploads", "queue_jobs_staging")]
    [InlineData("SqliteRemoval", "Unreferenced", "payloads_unreferenced")]
    [InlineData("SqliteNodes", "CancelRequested", "queue_tasks_of_node (node_id=?)")]
    [InlineData("SqliteCancel", "FlagRunning", "queue_tasks_of_node")]
    [InlineData("SqliteCancel", "FindWaiting", "SEARCH queue_tasks USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]
    [InlineData("SqliteRetry", "FindEnded", "SEARCH queue_tasks USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]
    [InlineData("SqliteRetry", "Unfinished", "queue_jobs_retrying")]
    [InlineData("SqliteDeadlines", "Overdue", "queue_jobs_overdue (deadline_at>? AND deadline_at<?)")]
    [InlineData("SqliteDeadlines", "NextStart", "queue_jobs_waiting")]
    [InlineData("SqliteDeadlines", "DueStarts", "queue_jobs_waiting (start_at<?)")]
    [InlineData("SqliteIdempotency", "Find", "queue_jobs_idempotency (idempotency_key=?)")]
    [InlineData("SqliteIdempotency", "RemoveExpiredKeys", "queue_jobs_key_until (idempotency_until<?)")]
    [InlineData("SqliteRetention", "Ended", "queue_jobs_ended (service=? AND state=? AND finished_at")]
    [InlineData("SqliteRetention", "Untrimmed", "queue_jobs_untrimmed (service=? AND finished_at")]
    [InlineData("SqliteRetention", "ExpiredKey", "queue_jobs_key_until (idempotency_until<?)")]
    [InlineData("SqliteReconcile", "Compare", "SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]
    [InlineData("SqliteAttempts", "List", "SEARCH a USING PRIMARY KEY (task_id=?)")]
    [InlineData("SqliteRead", "JobById", "(public_id=?)")]
    [InlineData("SqliteJobList", "ListBatches", "queue_jobs_listed")]
    [InlineData("SqliteJobList", "ListGroup", "queue_jobs_groups (service=? AND single_task=? AND state=? AND id<?)")]
    [InlineData("SqliteJobQuery", "OfUser", "queue_jobs_of_user (<expr>=? AND id<?)")]
    [InlineData("SqliteJobQuery", "OfSession", "queue_jobs_of_session (<expr>=? AND id<?)")]
    [InlineData("SqliteJobQuery", "All", "SEARCH q USING INTEGER PRIMARY KEY (rowid<?)")]
    [InlineData("SqliteJobQuery", "OfGroup", "queue_jobs_groups (service=? AND single_task=? AND state=? AND id<?)")]
    [InlineData("SqliteJobQuery", "Created", "SEARCH q USING INDEX queue_jobs_created (")]
    [InlineData("SqliteJobQuery", "OfLabel", "job_labels_by_value (kind=? AND value=? AND job_id<?)")]
    [InlineData("SqliteJobQuery", "OfFingerprint", "job_failures_by_fingerprint (fingerprint=? AND job_id<?)")]
    [InlineData("SqliteJobQuery", "OfErrorKind", "job_errors_by_kind (kind=? AND job_id<?)")]
    [InlineData("SqliteJobQuery", "MostFailed", "SEARCH q USING INDEX queue_jobs_most_failed (")]
    [InlineData("SqliteJobQuery", "MostUrgent", "SEARCH q USING INDEX queue_jobs_urgent (")]
    [InlineData("SqliteJobQuery", "Oldest", "SEARCH q USING INTEGER PRIMARY KEY (rowid>?)")]
    [InlineData("SqliteJobQuery", "ByName", "SEARCH l USING COVERING INDEX job_labels_of_names (")]
    [InlineData("SqliteJobQuery", "Running", "queue_jobs_groups (service=? AND single_task=? AND state=? AND id<?)")]
    [InlineData("SqliteMeasure", "Backlog", "SEARCH queue_jobs USING INDEX queue_jobs_runnable (lane_id=?)")]
    [InlineData("SqliteAudit", "OfTarget", "audit_log_of_target (target_id=? AND id<?)")]
    [InlineData("SqliteAudit", "OfWho", "audit_log_of_who (who=? AND id<?)")]
    [InlineData("SqliteAudit", "OfAction", "audit_log_of_action (action=? AND id<?)")]
    [InlineData("SqliteAudit", "Newest", "SEARCH audit_log USING INTEGER PRIMARY KEY (rowid<?)")]
    [InlineData("SqliteTaskQuery", "OfJob", "SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]
    [InlineData("SqliteTaskQuery", "OfAll", "SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]
    [InlineData("SqliteTaskQuery", "Floor", "SEARCH j USING INTEGER PRIMARY KEY (rowid<?)")]
    [InlineData("SqliteTaskQuery", "FloorOfGroup", "job_failures_by_fingerprint (fingerprint=? AND job_id<?)")]
    [InlineData("SqliteSeries", "Calls", "SEARCH series_calls USING PRIMARY KEY (step=? AND at>? AND at<?)")]
    [InlineData("SqliteFailures", "TakeBack", "SEARCH job_failures USING PRIMARY KEY (job_id=? AND fingerprint=?)")]
    [InlineData("SqliteRead", "TasksOfJobWithOutput", "SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]
    [InlineData("SqliteSubjectList", "OfAll", "SEARCH s USING COVERING INDEX task_subjects_best (subject=? AND score>? AND (score,")]
    [InlineData("SqliteSubjectList", "OfJob", "task_subjects_best_of_job (job_id=? AND subject=? AND score>? AND (score,task_id)<")]
    [InlineData("SqliteSubjectList", "CountOfAll", "SEARCH k USING COVERING INDEX job_subjects_by_subject (subject=?)")]
    [InlineData("SqliteSubjectList", "CountFrom", "SEARCH s USING COVERING INDEX task_subjects_best (subject=? AND score>?)")]
    [InlineData("SqliteSubjectList", "CountFromOfJob", "task_subjects_best_of_job (job_id=? AND subject=? AND score>?)")]
    [InlineData("SqliteSubjectList", "SubjectsOfJob", "job_subjects_most (job_id=? AND (tasks,subject)<(?,?))")]
    [InlineData("SqliteSubjectList", "Backlog", "SEARCH j USING INTEGER PRIMARY KEY (rowid=?)")]
    [InlineData("SqliteSubjectList", "Unindexed", "SEARCH r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")]
    [InlineData("SqliteSubjects", "Find", "SEARCH task_subjects USING PRIMARY KEY (task_id=?)")]
    [InlineData("SqliteSubjects", "Count", "task_subjects_best_of_job (job_id=? AND subject=?)")]
    [InlineData("SqliteClientFiles", "Newest", "SEARCH client_files USING INTEGER PRIMARY KEY (rowid<?)")]
    [InlineData("SqliteClientFiles", "NewestOfPurpose", "client_files_by_purpose (purpose=? AND id<?)")]
    [InlineData("SqliteClientFiles", "OldestOfPurpose", "client_files_by_purpose (purpose=? AND id>?)")]
    [InlineData("SqliteClientFiles", "Expired", "client_files_to_expire (expires_at<?)")]
    [InlineData("SqliteClientFiles", "Usage", "client_files_of_owner (owner=?)")]
    [InlineData("SqliteClientUploads", "SumParts", "client_upload_parts_of_upload (upload_id=?)")]
    [InlineData("SqliteClientUploads", "Expired", "client_uploads_to_expire (expires_at<?)")]
    [InlineData("SqliteFileBatches", "FindFree", "file_batches_unchecked (worker_until<?)")]
    [InlineData("SqliteFileBatches", "Newest", "file_batches_by_dialect (dialect=? AND id<?)")]
    [InlineData("SqliteFileBatches", "Oldest", "file_batches_by_dialect (dialect=? AND id>?)")]
    [InlineData("SqliteFileBatches", "RemoveOfJob", "file_batches_of_job (job_id=?)")]
    [InlineData("SqliteFileBatches", "RemoveOld", "file_batches_without_job (created_at<?)")]
    public void A_hot_statement_uses_its_index(string owner, string statement, string expected)
    {
        var plan = Plan(Sql(owner, statement));

        Assert.Contains(plan, step => step.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(
            plan,
            step => step.StartsWith("SCAN queue_tasks", StringComparison.Ordinal) && !step.Contains("INDEX", StringComparison.Ordinal));
        Assert.DoesNotContain(
            plan,
            step => step.StartsWith("SCAN queue_jobs", StringComparison.Ordinal) && !step.Contains("INDEX", StringComparison.Ordinal));
        // Rows come in the index's order: a sort would read them all first.
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    /// <summary>What they count they group in memory: few actions in few parts of a time.</summary>
    [Theory]
    [InlineData("ActionsOfAll", "COVERING INDEX user_interactions_in_time (created_at>? AND created_at<?)")]
    [InlineData("ActionsOfSession", "INDEX user_interactions_by_session (session_id=?)")]
    [InlineData("ActionsOfUser", "INDEX user_interactions_by_user (user_id=?)")]
    public void Actions_are_counted_from_the_newest_of_an_index(string statement, string expected)
    {
        var plan = Plan(Sql("SqliteInteractions", statement));

        Assert.Contains(plan, step => step.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal));
    }

    /// <summary>It sorts the keys of the jobs of a minute at most: a shorter beginning of an id is read by another index.</summary>
    [Fact]
    public void The_jobs_of_a_range_of_ids_are_found_by_the_index_of_ids() => Assert.Contains(
        Plan(Sql("SqliteJobQuery", "OfIds")),
        step => step.StartsWith("SEARCH queue_jobs", StringComparison.Ordinal)
            && step.EndsWith("(public_id>? AND public_id<?)", StringComparison.Ordinal));

    [Fact]
    public void The_newest_jobs_are_read_in_the_order_of_the_table_itself() =>
        Assert.Equal(["SEARCH queue_jobs USING INTEGER PRIMARY KEY (rowid<?)"], Plan(Sql("SqliteJobList", "ListAll")));

    // Two rooms may have a class of one name.
    private static string Sql(string owner, string statement) =>
        (string)typeof(SqliteStore).Assembly.GetTypes().Where(type => type.Name == owner)
            .Select(type => type.GetField(statement, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Single(field => field is not null)!.GetRawConstantValue()!;

    private List<string> Plan(string sql)
    {
        using var connection = file.Host.Connect();
        connection.CreateFunction("stashai_now", () => 0L);
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        for (var i = 1; i <= 12; i++) command.Parameters.Add(new SqliteParameter($"?{i}", 1));
        using var rows = command.ExecuteReader();
        var steps = new List<string>();
        while (rows.Read()) steps.Add(rows.GetString(3));
        return steps;
    }
}
