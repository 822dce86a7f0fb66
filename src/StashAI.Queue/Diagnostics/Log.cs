using Microsoft.Extensions.Logging;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Diagnostics;

/// <summary>What the engine tells an operator.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Registered as node {Node} ({Name})")]
    public static partial void NodeRegistered(ILogger logger, long node, string name);

    [LoggerMessage(2, LogLevel.Warning, "The lease was not renewed: {Reason}")]
    public static partial void LeaseNotRenewed(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Error, "Node {Node} lost its lease; aborting its running calls, whose tasks other processes will run")]
    public static partial void LeaseLost(ILogger logger, long node);

    [LoggerMessage(4, LogLevel.Information, "Job {Job}: {Before} -> {After}")]
    public static partial void JobStateChanged(ILogger logger, Guid job, JobState before, JobState after);

    [LoggerMessage(24, LogLevel.Information, "Job {Job} of {Service}{Name}: {Before} -> {After}, {Completed} completed, {Failed} failed, {Cancelled} cancelled of {Total}{Reason}")]
    public static partial void JobEnded(
        ILogger logger, Guid job, string service, string name, JobState before, JobState after, int completed, int failed, int cancelled, int total, string reason);

    [LoggerMessage(5, LogLevel.Warning, "{Tasks} tasks of a lost process are available again")]
    public static partial void TasksRescued(ILogger logger, int tasks);

    [LoggerMessage(15, LogLevel.Warning, "The lease was renewed after {Passed:0.0} s and the clocks differ by {Drift:0.0} s: this process will not rescue tasks for {Lease:0} s")]
    public static partial void GapDetected(ILogger logger, double passed, double drift, double lease);

    [LoggerMessage(16, LogLevel.Error, "{Tasks} tasks failed permanently (poisoned): their process was lost again while it ran nothing else")]
    public static partial void TasksPoisoned(ILogger logger, int tasks);

    [LoggerMessage(17, LogLevel.Warning, "A task was lost with its process twice: this process finishes its other calls and claims nothing else, to run that task by itself")]
    public static partial void DrainingForSuspect(ILogger logger);

    [LoggerMessage(18, LogLevel.Warning, "Task {Task} was lost with its process twice; running it by itself")]
    public static partial void SuspectStarts(ILogger logger, Guid task);

    [LoggerMessage(19, LogLevel.Warning, "{Tasks} tasks of a claim whose answer was lost are available again")]
    public static partial void UnknownReleased(ILogger logger, int tasks);

    [LoggerMessage(20, LogLevel.Error, "The outcome of task {Task} cannot be stored and the task fails: {Reason}")]
    public static partial void OutcomeRefused(ILogger logger, Guid task, string reason);

    [LoggerMessage(21, LogLevel.Information, "{Service}: {Completed} completed, {Failed} failed, {Retried} to be tried again in {Seconds:0.0} s ({Rate:0.0}/s), {Open} open, calls p50 {P50:0} ms, p95 {P95:0} ms")]
    public static partial void Summary(
        ILogger logger, string service, int completed, int failed, int retried, double seconds, double rate, long open, double p50, double p95);

    [LoggerMessage(22, LogLevel.Debug, "Task {Task}, attempt {Attempt}: {Event} after {Milliseconds:0} ms {Reason}")]
    public static partial void TaskEnded(ILogger logger, Guid task, int attempt, TaskEvent @event, double milliseconds, string? reason);

    [LoggerMessage(6, LogLevel.Error, "No tasks could be claimed: {Reason}")]
    public static partial void ClaimFailed(ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Error, "{Count} outcomes could not be recorded yet, trying again: {Reason}")]
    public static partial void OutcomesNotRecorded(ILogger logger, int count, string reason);

    [LoggerMessage(8, LogLevel.Warning, "The outcome of task {Task} came after its lease was lost and is not recorded")]
    public static partial void OutcomeOfLostLease(ILogger logger, Guid task);

    [LoggerMessage(9, LogLevel.Warning, "Stopping: {Count} calls did not end in time and are aborted")]
    public static partial void AbortingCalls(ILogger logger, int count);

    [LoggerMessage(10, LogLevel.Error, "Stopping: {Count} aborted calls did not end; their tasks are rescued by another process")]
    public static partial void CallsDidNotEnd(ILogger logger, int count);

    [LoggerMessage(11, LogLevel.Error, "{Name} failed, trying again: {Reason}")]
    public static partial void MaintenanceFailed(ILogger logger, string name, string reason);

    [LoggerMessage(40, LogLevel.Debug, "Other processes could not be told of changes and find them by polling: {Reason}")]
    public static partial void HintNotSent(ILogger logger, string reason);

    [LoggerMessage(41, LogLevel.Warning, "The database needs attention: {Reason}")]
    public static partial void DatabaseNeedsAttention(ILogger logger, string reason);

    [LoggerMessage(42, LogLevel.Information, "The database is in order again")]
    public static partial void DatabaseInOrder(ILogger logger);

    [LoggerMessage(43, LogLevel.Warning, "The database's clock stepped by {Seconds:0} s: nothing is removed for its age until the clock has run on from there for a while")]
    public static partial void ClockStepped(ILogger logger, double seconds);

    [LoggerMessage(44, LogLevel.Warning, "The clock was set back: shortened {Rows} waits, leases and keys that were longer than they can be")]
    public static partial void WaitsEnded(ILogger logger, int rows);

    [LoggerMessage(45, LogLevel.Error, "This process cannot do its work ({Part}), and /health says so: {Reason}")]
    public static partial void PartFailed(ILogger logger, string part, string reason);

    [LoggerMessage(46, LogLevel.Information, "This process can do its work again ({Part}) after {Seconds:0} s")]
    public static partial void PartRecovered(ILogger logger, string part, double seconds);

    [LoggerMessage(31, LogLevel.Error, "The result of task {Task} is missing in its job's aggregate, which could not read it: {Reason}")]
    public static partial void ResultNotFolded(ILogger logger, Guid task, string reason);

    [LoggerMessage(32, LogLevel.Error, "Results are missing in a job's aggregate: {Reason}")]
    public static partial void AggregateIncomplete(ILogger logger, string reason);

    [LoggerMessage(33, LogLevel.Critical, "The counters of job {Job} were wrong and are repaired, please report this: {Before} became {After}")]
    public static partial void CountersRepaired(ILogger logger, Guid job, JobCounters before, JobCounters after);

    [LoggerMessage(34, LogLevel.Information, "{Rows} old jobs, tasks, inputs and keys were removed")]
    public static partial void OldRemoved(ILogger logger, int rows);

    [LoggerMessage(12, LogLevel.Warning, "The service {Service} at {Authority} is down; its tasks wait without using up attempts until it is probed again at {Next:HH:mm:ss}")]
    public static partial void CircuitOpened(ILogger logger, string service, string authority, DateTimeOffset next);

    [LoggerMessage(13, LogLevel.Information, "The service {Service} at {Authority} is back; resuming its tasks")]
    public static partial void CircuitClosed(ILogger logger, string service, string authority);

    [LoggerMessage(14, LogLevel.Information, "Probing the service {Service} at {Authority} ({Before} -> {After})")]
    public static partial void CircuitProbed(ILogger logger, string service, string authority, CircuitState before, CircuitState after);
}
