using StashAI.Adapters.Http;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.Calls;

/// <summary>Finds the answers of services that refused tasks.</summary>
internal static class TaskFailures
{
    /// <summary>True for a failure, or a task that was put off, of which the service's own answer may be known.</summary>
    public static bool HasAnswer(TaskView task) => task.State is TaskState.Failed or TaskState.Scheduled
        && task.ErrorKind is ErrorKind.Rejected or ErrorKind.ServiceError or ErrorKind.Throttled or ErrorKind.InvalidAnswer;

    /// <summary>Why a task failed, in words for a client.</summary>
    public static string ReasonOf(TaskView task) => task.ErrorKind switch
    {
        ErrorKind.Connection => task.ErrorMessage ?? "The service could not be reached.",
        ErrorKind.Timeout => task.ErrorMessage ?? "The service did not answer in time.",
        _ => task.ErrorMessage ?? "This request failed.",
    };

    /// <summary>
    /// The status of an attempt that the service refused, also of one that it refused in an answer with the status 200; null where the
    /// service said nothing of the kind.
    /// </summary>
    public static int? StatusOf(AttemptView? attempt) => attempt?.HttpStatus is >= 400 and { } status
        ? status
        : AnswerError.StatusIn(attempt?.AnswerHead, StatusCodes.Status502BadGateway);

    /// <summary>The last attempt at a task, where the service's own answer may be known; else null.</summary>
    public static async Task<AttemptView?> LastAttemptAsync(this IRead read, TaskView task, CancellationToken cancellationToken) =>
        HasAnswer(task) && await read.ListAttemptsAsync(task.Key, 1, cancellationToken) is [var last] ? last : null;
}
