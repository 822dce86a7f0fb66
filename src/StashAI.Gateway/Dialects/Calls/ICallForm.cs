using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Dialects.Calls;

/// <summary>The form in which an API answers direct calls that failed.</summary>
internal interface ICallForm
{
    /// <summary>Writes a refusal.</summary>
    /// <param name="context">The request.</param>
    /// <param name="task">The call.</param>
    /// <param name="status">The status of the service's answer.</param>
    /// <param name="answer">The beginning of the service's answer; null where it is not known.</param>
    Task WriteRefusalAsync(HttpContext context, TaskView task, int status, string? answer);

    /// <summary>The event that ends a stream whose answer broke off, as the SDKs of the API raise it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reason">Why it broke off, in words.</param>
    /// <param name="status">The status that such an error has; null where it is not known.</param>
    /// <param name="answer">The service's own error as JSON; null where it gave none.</param>
    byte[] ErrorEventOf(HttpContext context, string reason, int? status, string? answer);
}
