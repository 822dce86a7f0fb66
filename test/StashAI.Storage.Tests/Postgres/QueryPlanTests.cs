using System.Reflection;
using System.Text.RegularExpressions;
using Npgsql;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Subjects;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>
/// Plans are kept by the server, so the one that it makes while a table is empty must be the right one for a million rows too. Every
/// statement of the store is planned on an empty and on a filled database, without and with statistics.
/// </summary>
public sealed partial class QueryPlanTests(PostgresFixture postgres)
{
    private const string Fill = """
        INSERT INTO lanes (service, authority, origin) VALUES ('echo', 'a:1', 'http://a:1'), ('other', 'b:1', 'http://b:1');
        INSERT INTO nodes (name, host, process_id, started_at, lease_until, rescued) SELECT 'n', 'h', 1, 0, 0, (i < 498)::int FROM generate_series(1, 500) i;
        INSERT INTO queue_jobs (public_id, state, lane_id, service, vtime, total, available, running, single_task, user_id, session_id, created_at, updated_at)
            SELECT gen_random_uuid(), i % 6, 1 + i % 2, 'echo', i, 10, i % 10, (i % 50 = 0)::int, i % 2, 'u' || i % 9, 's' || i, 0, 0 FROM generate_series(1, 20000) i;
        INSERT INTO queue_tasks (id, state, requeued, node_id, due_at)
            SELECT ((1 + i / 10)::bigint << 24) + i % 10, CASE WHEN i % 100 = 0 THEN 2 WHEN i % 97 = 0 THEN 1 ELSE i % 3 * (i % 3 + 1) / 2 END,
                (i % 31 = 0)::int, 1 + i % 500, CASE WHEN i % 97 = 0 THEN i END FROM generate_series(0, 199999) i;
        INSERT INTO payloads (upload_job_id, refs) SELECT i, (i % 100 <> 0)::int FROM generate_series(1, 20000) i;
        INSERT INTO task_payloads (task_id, payload_id, ordinal, slot) SELECT id, 1 + id % 20000, 0, 'image' FROM queue_tasks WHERE id % 3 = 0;
        INSERT INTO task_inputs SELECT id, '{}' FROM queue_tasks;
        INSERT INTO task_results SELECT id, '{}' FROM queue_tasks WHERE state = 3;
        INSERT INTO task_subjects SELECT id, 'p' || i, (id % 7) / 7.0, id >> 24 FROM queue_tasks, generate_series(1, 2) i WHERE state = 3;
        INSERT INTO job_subjects SELECT job_id, subject, COUNT(*), MAX(score) FROM task_subjects GROUP BY 1, 2;
        INSERT INTO audit_log (at, who, action, target_kind, target_id)
            SELECT i, 'w' || i % 5, 'a' || i % 9, 'job', 't' || i % 700 FROM generate_series(1, 20000) i;
        INSERT INTO user_interactions (public_id, session_id, user_id, action_type, created_at)
            SELECT gen_random_uuid(), 's' || i % 90, 'u' || i % 9, 'a' || i % 7, i FROM generate_series(1, 20000) i;
        INSERT INTO client_files (public_id, name, purpose, size, created_at, expires_at)
            SELECT gen_random_uuid(), 'n', 'p' || i % 5, 0, i, CASE WHEN i % 50 > 0 THEN i END FROM generate_series(1, 20000) i;
        INSERT INTO file_batches (public_id, file_id, request, state, job_id, created_at)
            SELECT gen_random_uuid(), gen_random_uuid(), '{}', CASE WHEN i % 500 = 0 THEN i % 2 WHEN i % 50 = 0 THEN 3 ELSE 2 END,
                CASE WHEN i % 50 > 0 THEN i END, i FROM generate_series(1, 20000) i;
        INSERT INTO subject_backlog SELECT id FROM queue_jobs WHERE id % 100 = 0;
        """;

    private static readonly Dictionary<string, string> Expected = new()
    {
        ["PostgresOpenLanes.Runnable"] = "queue_jobs_runnable",
        ["PostgresOpenLanes.NextUnblocked"] = "lanes_blocked",
        ["PostgresOpenLanes.LockLanes"] = "queue_jobs_runnable",
        ["PostgresTake.Claim"] = "queue_tasks_requeued",
        ["PostgresPromotion.DueNow"] = "queue_tasks_due",
        ["PostgresPromotion.NextDue"] = "queue_tasks_due",
        ["PostgresRescue.LostNodes"] = "nodes_unrescued",
        ["PostgresRescue.RunningOn"] = "queue_jobs_running",
        ["PostgresSuspects.Find"] = "queue_tasks_suspects",
        ["PostgresCancel.UnfinishedCancel"] = "queue_jobs_cancelling",
        ["PostgresRemoval.LostUploads"] = "queue_jobs_staging",
        ["PostgresRemoval.RemoveUnreferenced"] = "payloads_unreferenced",
        ["PostgresRetry.Unfinished"] = "queue_jobs_retrying",
        ["PostgresDeadlines.Overdue"] = "queue_jobs_overdue",
        ["PostgresDeadlines.DueStarts"] = "queue_jobs_waiting",
        ["PostgresRetention.Ended"] = "queue_jobs_ended",
        ["PostgresRetention.Untrimmed"] = "queue_jobs_untrimmed",
        ["PostgresIdempotency.ExpiredKey"] = "queue_jobs_key_until",
        ["PostgresAging.Heads"] = "queue_jobs_runnable",
        ["PostgresGate.ToProbe"] = "lanes_to_probe",
        ["PostgresNodes.Asked"] = "queue_tasks_flagged",
        ["PostgresJobList.ListAll"] = "queue_jobs_pkey",
        ["PostgresJobList.ListBatches"] = "queue_jobs_listed",
        ["PostgresJobList.ListGroups"] = "queue_jobs_groups",
        ["PostgresJobQuery.OfUser"] = "queue_jobs_of_user",
        ["PostgresJobQuery.OfSession"] = "queue_jobs_of_session",
        ["PostgresRead.JobById"] = "queue_jobs_public_id_key",
        ["PostgresJobQuery.All"] = "queue_jobs_pkey",
        ["PostgresJobQuery.OfGroups"] = "queue_jobs_groups",
        ["PostgresJobQuery.Created"] = "queue_jobs_created",
        ["PostgresJobQuery.OfIds"] = "queue_jobs_public_id_key",
        ["PostgresJobQuery.OfLabel"] = "job_labels_by_value",
        ["PostgresJobQuery.OfFingerprint"] = "job_failures_by_fingerprint",
        ["PostgresJobQuery.OfErrorKind"] = "job_errors_by_kind",
        ["PostgresJobQuery.MostFailed"] = "queue_jobs_most_failed",
        ["PostgresJobQuery.MostUrgent"] = "queue_jobs_urgent",
        ["PostgresJobQuery.Oldest"] = "queue_jobs_pkey",
        ["PostgresJobQuery.ByName"] = "job_labels_of_names",
        ["PostgresJobQuery.Running"] = "queue_jobs_groups",
        ["PostgresMeasure.Backlogs"] = "queue_jobs_runnable",
        ["PostgresAudit.OfTarget"] = "audit_log_of_target",
        ["PostgresAudit.OfWho"] = "audit_log_of_who",
        ["PostgresAudit.OfAction"] = "audit_log_of_action",
        // Where many files have the purpose, PostgreSQL takes the order of the ids instead.
        ["PostgresClientFiles.NewestOfPurpose"] = "client_files_",
        ["PostgresClientFiles.RemoveExpired"] = "client_files_to_expire",
        ["PostgresFileBatches.Take"] = "file_batches_unchecked",
        ["PostgresFileBatches.RemoveOld"] = "file_batches_without_job",
        ["PostgresInteractions.ActionsOfAll"] = "user_interactions_in_time",
        ["PostgresInteractions.ActionsOfSession"] = "user_interactions_by_session",
        ["PostgresInteractions.ActionsOfUser"] = "user_interactions_by_user",
        ["PostgresTaskQuery.OfJob"] = "queue_tasks_pkey",
        ["PostgresTaskQuery.OfAll"] = "queue_tasks_pkey",
        ["PostgresTaskQuery.OfGroup"] = "job_failures_by_fingerprint",
        ["PostgresTaskQuery.FloorOfGroup"] = "job_failures_by_fingerprint",
        ["PostgresSubjectList.OfAll"] = "task_subjects_best on task_subjects",
        ["PostgresSubjectList.OfJob"] = "task_subjects_best_of_job",
        // With few rows, PostgreSQL takes one or the other of its indexes.
        ["PostgresSubjectList.CountOfAll"] = "job_subjects_",
        ["PostgresSubjectList.CountFrom"] = "task_subjects_best on task_subjects",
        ["PostgresSubjectList.CountFromOfJob"] = "task_subjects_best_of_job",
        ["PostgresSubjectList.SubjectsOfJob"] = "job_subjects_most",
        ["PostgresSubjectList.TogetherInAll"] = "task_subjects_best on task_subjects",
        ["PostgresSubjectList.TogetherInJob"] = "task_subjects_best_of_job",
        ["PostgresSubjects.RemoveEmpty"] = "job_subjects_most",
        ["PostgresSubjects.Count"] = "task_subjects_best_of_job",
    };

    private static readonly string[] Parts = ["JobColumns", "TaskColumns", "Changes", "Head", "ByKey", "Columns"];

    [Fact]
    public async Task Every_statement_goes_through_an_index_whatever_the_statistics_are()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var host = new PostgresHost(postgres);
        await (await host.OpenAsync(TimeProvider.System, cancellation)).DisposeAsync();
        var statements = Statements().ToList();
        Assert.True(statements.Count > 40, $"Only {statements.Count} statements were found.");

        await CheckAsync("empty", statements, host);
        host.Scalar(Fill);
        await CheckAsync("filled without statistics", statements, host);
        host.Scalar("ANALYZE");
        await CheckAsync("filled", statements, host);
    }

    private static async Task CheckAsync(string when, List<(string Name, string Sql)> statements, PostgresHost host)
    {
        await using var database = new StashAI.Storage.Postgres.Database.PostgresDatabase(
            new PostgresSettings { Url = (await host.CreateAsync(default)).Url });
        await using var connection = await database.OpenListenerAsync(TestContext.Current.CancellationToken);
        foreach (var (name, sql) in statements)
        {
            var plan = await PlanAsync(connection, name, sql);
            Assert.DoesNotMatch(SlowSteps(), $"{name} on a database that is {when}:\n{plan}");
            if (Expected.TryGetValue(name, out var index))
            {
                Assert.True(plan.Contains(index, StringComparison.Ordinal), $"{name} on a database that is {when}:\n{plan}");
            }
        }
    }

    private static async Task<string> PlanAsync(NpgsqlConnection connection, string name, string sql)
    {
        try
        {
            var parameters = Parameter().Matches(sql).Select(match => int.Parse(match.Groups[1].ValueSpan, null)).DefaultIfEmpty(0).Max();
            var nulls = parameters == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("NULL", parameters))})";
            await RunAsync(connection, $"PREPARE planned AS {sql}");
            await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE planned {nulls}", connection);
            var lines = new List<string>();
            await using (var rows = await explain.ExecuteReaderAsync())
            {
                while (await rows.ReadAsync()) lines.Add(rows.GetString(0));
            }

            await RunAsync(connection, "DEALLOCATE planned");
            return string.Join('\n', lines);
        }
        catch (PostgresException exception)
        {
            throw new InvalidOperationException($"{name}: {exception.MessageText}", exception);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static IEnumerable<(string Name, string Sql)> Statements() =>
        from type in typeof(PostgresStore).Assembly.GetTypes()
        where type.Namespace is { } name && (name + ".").StartsWith(typeof(PostgresStore).Namespace + ".", StringComparison.Ordinal)
        from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
        where field.IsLiteral && field.FieldType == typeof(string)
        let sql = (string)field.GetRawConstantValue()!
        where Complete().IsMatch(sql) && !Parts.Contains(field.Name)
        select ($"{type.Name}.{field.Name}", sql);

    // Steps over rows that the statement itself made are fine.
    [GeneratedRegex(
        "(Seq Scan|Parallel).* on (nodes|lanes|queue_|task_|job_subjects|payload|totals)|Hash (Right |Left |Full |Semi |Anti )?Join|Merge "
        + "(Right |Left |Full |Semi |Anti )?Join")]
    private static partial Regex SlowSteps();

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\s*(WITH|UPDATE|DELETE|INSERT INTO|SELECT) ")]
    private static partial Regex Complete();
}
