using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Dialects.Calls;

/// <summary>The form in which an API answers direct calls that a service refused.</summary>
internal interface ICallForm
{
    /// <summary>Writes a refusal.</summary>
    /// <param name="context">The request.</param>
    /// <param name="task">The call.</param>
    /// <param name="status">The status of the service's answer.</param>
    /// <param name="answer">The beginning of the service's answer; null where it is not known.</param>
    Task WriteRefusalAsync(HttpContext context, TaskView task, int status, string? answer);
}
