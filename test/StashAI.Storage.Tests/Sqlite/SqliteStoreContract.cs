using StashAI.Storage.Tests.Contract;
using StashAI.Storage.Tests.Contract.Results;
using StashAI.Storage.Tests.Contract.Webhooks;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>The contract on a SQLite file.</summary>
public static class SqliteStoreContract
{
    public sealed class Uploads() : UploadContract(new SqliteHost());

    public sealed class LargeInputs() : LargeInputContract(new SqliteHost());

    public sealed class Payloads() : PayloadContract(new SqliteHost());

    public sealed class Claims() : ClaimContract(new SqliteHost());

    public sealed class Shares() : FairContract(new SqliteHost());

    public sealed class Gates() : GateContract(new SqliteHost());

    public sealed class Limits() : LimitContract(new SqliteHost());

    public sealed class Series() : SeriesContract(new SqliteHost());

    public sealed class Timeline() : TimelineContract(new SqliteHost());

    public sealed class Packs() : PackContract(new SqliteHost());

    public sealed class Circuits() : CircuitContract(new SqliteHost());

    public sealed class Aging() : AgingContract(new SqliteHost());

    public sealed class Pausing() : PauseContract(new SqliteHost());

    public sealed class Outcomes() : OutcomeContract(new SqliteHost());

    public sealed class Costs() : CostContract(new SqliteHost());

    public sealed class KnownResults() : KnownResultContract(new SqliteHost());

    public sealed class ResultWaits() : ResultWaitContract(new SqliteHost());

    public sealed class Cancels() : CancelContract(new SqliteHost());

    public sealed class Retries() : RetryContract(new SqliteHost());

    public sealed class Submits() : IdempotencyContract(new SqliteHost());

    public sealed class Summaries() : SummaryContract(new SqliteHost());

    public sealed class Retention() : RetentionContract(new SqliteHost());

    public sealed class Counters() : ReconcileContract(new SqliteHost());

    public sealed class Times() : TimeContract(new SqliteHost());

    public sealed class Clocks() : ClockContract(new SqliteHost());

    public sealed class ClockRecords() : ClockRecordContract(new SqliteHost());

    public sealed class Poison() : PoisonContract(new SqliteHost());

    public sealed class Attempts() : AttemptContract(new SqliteHost());

    public sealed class Leases() : LeaseContract(new SqliteHost());

    public sealed class Crashes() : CrashContract(new SqliteHost());

    public sealed class Reads() : ReadContract(new SqliteHost());

    public sealed class ApiKeys() : ApiKeyContract(new SqliteHost());

    public sealed class Bulk() : BulkContract(new SqliteHost());

    public sealed class Judgements() : JudgementContract(new SqliteHost());

    public sealed class Groupings() : GroupingContract(new SqliteHost());

    public sealed class Schedules() : ScheduleContract(new SqliteHost());

    public sealed class BodyUploads() : BodyUploadContract(new SqliteHost());

    public sealed class ClientFiles() : ClientFileContract(new SqliteHost());

    public sealed class ClientUploads() : ClientUploadContract(new SqliteHost());

    public sealed class FileBatches() : FileBatchContract(new SqliteHost());

    public sealed class Webhooks() : WebhookContract(new SqliteHost());

    public sealed class WorkEnds() : WorkEndContract(new SqliteHost());

    public sealed class Deliveries() : DeliveryContract(new SqliteHost());

    public sealed class Audit() : AuditContract(new SqliteHost());

    public sealed class Backups() : BackupContract(new SqliteHost());

    public sealed class Previews() : PreviewContract(new SqliteHost());

    public sealed class Tickets() : TicketContract(new SqliteHost());

    public sealed class Sessions() : SessionContract(new SqliteHost());

    public sealed class Measures() : MeasureContract(new SqliteHost());

    public sealed class JobSearches() : JobSearchContract(new SqliteHost());

    public sealed class Failures() : FailureContract(new SqliteHost());

    public sealed class JobLists() : JobListContract(new SqliteHost());

    public sealed class GeneratedLists() : GeneratedListContract(new SqliteHost());

    public sealed class TaskLists() : TaskListContract(new SqliteHost());

    public sealed class Subjects() : SubjectContract(new SqliteHost());

    public sealed class Reruns() : RerunContract(new SqliteHost());
}
