using StashAI.Storage.Tests.Contract;
using StashAI.Storage.Tests.Contract.Results;
using StashAI.Storage.Tests.Contract.Webhooks;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>The contract on PostgreSQL.</summary>
public static class PostgresStoreContract
{
    public sealed class Uploads(PostgresFixture postgres) : UploadContract(new PostgresHost(postgres));

    public sealed class LargeInputs(PostgresFixture postgres) : LargeInputContract(new PostgresHost(postgres));

    public sealed class Payloads(PostgresFixture postgres) : PayloadContract(new PostgresHost(postgres));

    public sealed class Claims(PostgresFixture postgres) : ClaimContract(new PostgresHost(postgres));

    public sealed class Shares(PostgresFixture postgres) : FairContract(new PostgresHost(postgres));

    public sealed class Gates(PostgresFixture postgres) : GateContract(new PostgresHost(postgres));

    public sealed class Limits(PostgresFixture postgres) : LimitContract(new PostgresHost(postgres));

    public sealed class Series(PostgresFixture postgres) : SeriesContract(new PostgresHost(postgres));

    public sealed class Timeline(PostgresFixture postgres) : TimelineContract(new PostgresHost(postgres));

    public sealed class Packs(PostgresFixture postgres) : PackContract(new PostgresHost(postgres));

    public sealed class Circuits(PostgresFixture postgres) : CircuitContract(new PostgresHost(postgres));

    public sealed class Aging(PostgresFixture postgres) : AgingContract(new PostgresHost(postgres));

    public sealed class Pausing(PostgresFixture postgres) : PauseContract(new PostgresHost(postgres));

    public sealed class Retries(PostgresFixture postgres) : RetryContract(new PostgresHost(postgres));

    public sealed class Submits(PostgresFixture postgres) : IdempotencyContract(new PostgresHost(postgres));

    public sealed class Summaries(PostgresFixture postgres) : SummaryContract(new PostgresHost(postgres));

    public sealed class Retention(PostgresFixture postgres) : RetentionContract(new PostgresHost(postgres));

    public sealed class Counters(PostgresFixture postgres) : ReconcileContract(new PostgresHost(postgres));

    public sealed class Times(PostgresFixture postgres) : TimeContract(new PostgresHost(postgres));

    public sealed class Clocks(PostgresFixture postgres) : ClockContract(new PostgresHost(postgres));

    public sealed class ClockRecords(PostgresFixture postgres) : ClockRecordContract(new PostgresHost(postgres));

    public sealed class Poison(PostgresFixture postgres) : PoisonContract(new PostgresHost(postgres));

    public sealed class Attempts(PostgresFixture postgres) : AttemptContract(new PostgresHost(postgres));

    public sealed class Outcomes(PostgresFixture postgres) : OutcomeContract(new PostgresHost(postgres));

    public sealed class Costs(PostgresFixture postgres) : CostContract(new PostgresHost(postgres));

    public sealed class KnownResults(PostgresFixture postgres) : KnownResultContract(new PostgresHost(postgres));

    public sealed class ResultWaits(PostgresFixture postgres) : ResultWaitContract(new PostgresHost(postgres));

    public sealed class Cancels(PostgresFixture postgres) : CancelContract(new PostgresHost(postgres));

    public sealed class Leases(PostgresFixture postgres) : LeaseContract(new PostgresHost(postgres));

    public sealed class Crashes(PostgresFixture postgres) : CrashContract(new PostgresHost(postgres));

    public sealed class Reads(PostgresFixture postgres) : ReadContract(new PostgresHost(postgres));

    public sealed class ApiKeys(PostgresFixture postgres) : ApiKeyContract(new PostgresHost(postgres));

    public sealed class Bulk(PostgresFixture postgres) : BulkContract(new PostgresHost(postgres));

    public sealed class Judgements(PostgresFixture postgres) : JudgementContract(new PostgresHost(postgres));

    public sealed class Groupings(PostgresFixture postgres) : GroupingContract(new PostgresHost(postgres));

    public sealed class Schedules(PostgresFixture postgres) : ScheduleContract(new PostgresHost(postgres));

    public sealed class BodyUploads(PostgresFixture postgres) : BodyUploadContract(new PostgresHost(postgres));

    public sealed class ClientFiles(PostgresFixture postgres) : ClientFileContract(new PostgresHost(postgres));

    public sealed class ClientUploads(PostgresFixture postgres) : ClientUploadContract(new PostgresHost(postgres));

    public sealed class FileBatches(PostgresFixture postgres) : FileBatchContract(new PostgresHost(postgres));

    public sealed class Webhooks(PostgresFixture postgres) : WebhookContract(new PostgresHost(postgres));

    public sealed class WorkEnds(PostgresFixture postgres) : WorkEndContract(new PostgresHost(postgres));

    public sealed class Deliveries(PostgresFixture postgres) : DeliveryContract(new PostgresHost(postgres));

    public sealed class Audit(PostgresFixture postgres) : AuditContract(new PostgresHost(postgres));

    public sealed class Backups(PostgresFixture postgres) : BackupContract(new PostgresHost(postgres));

    public sealed class Previews(PostgresFixture postgres) : PreviewContract(new PostgresHost(postgres));

    public sealed class Tickets(PostgresFixture postgres) : TicketContract(new PostgresHost(postgres));

    public sealed class Sessions(PostgresFixture postgres) : SessionContract(new PostgresHost(postgres));

    public sealed class Measures(PostgresFixture postgres) : MeasureContract(new PostgresHost(postgres));

    public sealed class JobSearches(PostgresFixture postgres) : JobSearchContract(new PostgresHost(postgres));

    public sealed class Failures(PostgresFixture postgres) : FailureContract(new PostgresHost(postgres));

    public sealed class JobLists(PostgresFixture postgres) : JobListContract(new PostgresHost(postgres));

    public sealed class GeneratedLists(PostgresFixture postgres) : GeneratedListContract(new PostgresHost(postgres));

    public sealed class TaskLists(PostgresFixture postgres) : TaskListContract(new PostgresHost(postgres));

    public sealed class Subjects(PostgresFixture postgres) : SubjectContract(new PostgresHost(postgres));

    public sealed class Reruns(PostgresFixture postgres) : RerunContract(new PostgresHost(postgres));
}
