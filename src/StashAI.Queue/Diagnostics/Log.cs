using Microsoft.Extensions.Logging;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Diagnostics;

/// <summary>The engine's log messages.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Registered as node {Node} ({Name})")]
    public static partial void NodeRegistered(ILogger logger, long node, string name);

    [LoggerMessage(2, LogLevel.Warning, "The lease was not renewed; trying again at the next heartbeat: {Reason}")]
    public static partial void LeaseNotRenewed(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Error, "Node {Node} lost its lease; aborting its running calls, whose tasks other processes will run")]
    public static partial void LeaseLost(ILogger logger, long node);

    [LoggerMessage(4, LogLevel.Information, "Job {Job}: {Before} -> {After}")]
    public static partial void JobStateChanged(ILogger logger, Guid job, JobState before, JobState after);

    [LoggerMessage(
        24,
        LogLevel.Information,
        "Job {Job} of {Service}{Name}: {Before} -> {After}, {Completed} completed, {Failed} failed, "
        + "{Cancelled} cancelled of {Total}{Reason}")]
    public static partial void JobEnded(
        ILogger logger, Guid job, string service, string name, JobState before, JobState after, int completed, int failed, int cancelled,
        int total, string reason);

    [LoggerMessage(5, LogLevel.Warning, "A process was lost; its {Tasks} tasks are available again")]
    public static partial void TasksRescued(ILogger logger, int tasks);

    [LoggerMessage(
        15,
        LogLevel.Warning,
        "The lease was renewed after {Passed:0.0} s and the clocks differ by {Drift:0.0} s: "
        + "this process will not rescue tasks for {Lease:0} s")]
    public static partial void GapDetected(ILogger logger, double passed, double drift, double lease);

    [LoggerMessage(16, LogLevel.Error, "{Tasks} tasks failed permanently (poisoned): the process that ran each of them alone was lost")]
    public static partial void TasksPoisoned(ILogger logger, int tasks);

    [LoggerMessage(
        17,
        LogLevel.Warning,
        "A task was lost with its process twice; this process finishes its other calls and claims nothing else, to run that task alone")]
    public static partial void DrainingForSuspect(ILogger logger);

    [LoggerMessage(18, LogLevel.Warning, "Task {Task} was lost with its process twice; running it alone")]
    public static partial void SuspectStarts(ILogger logger, Guid task);

    [LoggerMessage(19, LogLevel.Warning, "The answer to a claim was lost; its {Tasks} tasks are available again")]
    public static partial void UnknownReleased(ILogger logger, int tasks);

    [LoggerMessage(20, LogLevel.Error, "The database refuses the outcome of task {Task}; the task fails: {Reason}")]
    public static partial void OutcomeRefused(ILogger logger, Guid task, string reason);

    [LoggerMessage(
        21,
        LogLevel.Information,
        "{Service}: {Completed} completed, {Failed} failed, {Retried} to be tried again in {Seconds:0.0} s ({Rate:0.0}/s), {Open} open, "
        + "calls p50 {P50:0} ms, p95 {P95:0} ms")]
    public static partial void Summary(
        ILogger logger, string service, int completed, int failed, int retried, double seconds, double rate, long open, double p50,
        double p95);

    [LoggerMessage(22, LogLevel.Debug, "Task {Task}{Item}, attempt {Attempt}: {Event} after {Milliseconds:0} ms {Reason}")]
    public static partial void TaskEnded(
        ILogger logger, Guid task, string item, int attempt, TaskEvent @event, double milliseconds, string? reason);

    [LoggerMessage(6, LogLevel.Error, "Claiming tasks failed; trying again: {Reason}")]
    public static partial void ClaimFailed(ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Error, "Recording {Count} outcomes failed; trying again: {Reason}")]
    public static partial void OutcomesNotRecorded(ILogger logger, int count, string reason);

    [LoggerMessage(47, LogLevel.Warning, "Telling the listeners of recorded outcomes failed; they will read the jobs: {Reason}")]
    public static partial void ChangesNotPublished(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Warning, "The outcome of task {Task} is not recorded: it came after the lease was lost")]
    public static partial void OutcomeOfLostLease(ILogger logger, Guid task);

    [LoggerMessage(9, LogLevel.Warning, "Stopping: {Count} calls did not end in time; aborting them")]
    public static partial void AbortingCalls(ILogger logger, int count);

    [LoggerMessage(10, LogLevel.Error, "Stopping: {Count} aborted calls did not end; another process will rescue their tasks")]
    public static partial void CallsDidNotEnd(ILogger logger, int count);

    [LoggerMessage(11, LogLevel.Error, "{Name} failed; trying again: {Reason}")]
    public static partial void MaintenanceFailed(ILogger logger, string name, string reason);

    [LoggerMessage(40, LogLevel.Debug, "Sending a hint to other processes failed; they will find the changes by polling: {Reason}")]
    public static partial void HintNotSent(ILogger logger, string reason);

    [LoggerMessage(41, LogLevel.Warning, "The database needs attention: {Reason}")]
    public static partial void DatabaseNeedsAttention(ILogger logger, string reason);

    [LoggerMessage(42, LogLevel.Information, "The database is in order again")]
    public static partial void DatabaseInOrder(ILogger logger);

    [LoggerMessage(66, LogLevel.Warning, "{Reason}")]
    public static partial void DiskLow(ILogger logger, string reason);

    [LoggerMessage(67, LogLevel.Information, "The disk of the data folder has enough room again")]
    public static partial void DiskInOrder(ILogger logger);

    [LoggerMessage(
        43,
        LogLevel.Warning,
        "The database's clock jumped by {Seconds:0} s; nothing is removed for its age until the new time is confirmed")]
    public static partial void ClockStepped(ILogger logger, double seconds);

    [LoggerMessage(
        71,
        LogLevel.Information,
        "The last {Seconds:0} s are not confirmed, as after a night without a process; nothing is removed for its age until one has run "
        + "for as long, at most an hour")]
    public static partial void ClockUnseen(ILogger logger, double seconds);

    [LoggerMessage(44, LogLevel.Warning, "The clock was set back; ended {Rows} waits, leases and keys that were longer than possible")]
    public static partial void WaitsEnded(ILogger logger, int rows);

    [LoggerMessage(45, LogLevel.Error, "Part '{Part}' of this process does not work, and /health reports it: {Reason}")]
    public static partial void PartFailed(ILogger logger, string part, string reason);

    [LoggerMessage(46, LogLevel.Information, "Part '{Part}' of this process works again after {Seconds:0} s")]
    public static partial void PartRecovered(ILogger logger, string part, double seconds);

    [LoggerMessage(
        31,
        LogLevel.Error,
        "The result of task {Task} is missing from its job's aggregate, because the adapter could not fold it: {Reason}")]
    public static partial void ResultNotFolded(ILogger logger, Guid task, string reason);

    [LoggerMessage(
        64,
        LogLevel.Error,
        "The result of task {Task} will not be found by who or what it shows, because the adapter could not read it: {Reason}")]
    public static partial void SubjectsNotRead(ILogger logger, Guid task, string reason);

    [LoggerMessage(32, LogLevel.Error, "Results are missing from a job's aggregate: {Reason}")]
    public static partial void AggregateIncomplete(ILogger logger, string reason);

    [LoggerMessage(
        33, LogLevel.Critical, "The counters of job {Job} were wrong and are repaired ({Before} became {After}); please report this bug")]
    public static partial void CountersRepaired(ILogger logger, Guid job, JobCounters before, JobCounters after);

    [LoggerMessage(
        71, LogLevel.Critical, "The cost of job {Job} was wrong and is repaired ({Before} became {After}); please report this bug")]
    public static partial void CostRepaired(ILogger logger, Guid job, decimal? before, decimal? after);

    [LoggerMessage(64, LogLevel.Information, "The erasure {Id} is complete: {Jobs} jobs, {Results} results changed")]
    public static partial void ErasureEnded(ILogger logger, Guid id, long jobs, long results);

    [LoggerMessage(65, LogLevel.Warning, "The erasure {Id} waits and is tried again: {Reason}")]
    public static partial void ErasureWaits(ILogger logger, Guid id, string reason);

    [LoggerMessage(61, LogLevel.Information, "The bulk operation {Id} ({Action}) is complete: {Done} jobs done, {Failed} failed")]
    public static partial void BulkEnded(ILogger logger, Guid id, BulkAction action, long done, long failed);

    [LoggerMessage(
        62,
        LogLevel.Warning,
        "The bulk operation {Id} could not work on the job with key {Job} and goes on with the next; {Next}: {Reason}")]
    public static partial void BulkJobFailed(ILogger logger, Guid id, long job, string reason, string next);

    [LoggerMessage(63, LogLevel.Error, "The bulk operation {Id} ({Action}) cannot go on and has failed: {Reason}")]
    public static partial void BulkFailed(ILogger logger, Guid id, BulkAction action, string reason);

    [LoggerMessage(34, LogLevel.Information, "Removed {Rows} old jobs, inputs and keys")]
    public static partial void OldRemoved(ILogger logger, int rows);

    [LoggerMessage(
        12,
        LogLevel.Warning,
        "The service {Service} at {Authority} is down; its tasks wait without using up attempts; next probe at {Next:HH:mm:ss}")]
    public static partial void CircuitOpened(ILogger logger, string service, string authority, DateTimeOffset next);

    [LoggerMessage(13, LogLevel.Information, "The service {Service} at {Authority} is back; resuming its tasks")]
    public static partial void CircuitClosed(ILogger logger, string service, string authority);

    [LoggerMessage(14, LogLevel.Information, "Probing the service {Service} at {Authority} ({Before} -> {After})")]
    public static partial void CircuitProbed(ILogger logger, string service, string authority, CircuitState before, CircuitState after);

    [LoggerMessage(68, LogLevel.Warning, "Memory ran out during the call of task {Task} ({Service}); {Next}")]
    public static partial void OutOfMemory(ILogger logger, Guid task, string service, string next);

    [LoggerMessage(
        69,
        LogLevel.Error,
        "Memory ran out during the call of task {Task} ({Service}) although no other large item ran; trying again in {Delay:0.0} s: "
        + "give the process more memory")]
    public static partial void OutOfMemoryAlone(ILogger logger, Guid task, string service, double delay);

    [LoggerMessage(70, LogLevel.Warning, "Looking for a known result of task {Task} failed; the task tries again: {Reason}")]
    public static partial void ResultNotLookedUp(ILogger logger, Guid task, string reason);
}
