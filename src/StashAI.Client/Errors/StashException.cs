using System.Net;

namespace StashAI.Client.Errors;

/// <summary>A request to the server failed. The message says what is wrong and how to fix it.</summary>
public class StashException : Exception
{
    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    public StashException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and a cause.</summary>
    /// <param name="message">What is wrong and how to fix it.</param>
    /// <param name="innerException">The cause.</param>
    public StashException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The HTTP status of the answer; null where none came.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>
    /// The kind of the problem, such as <c>urn:stashai:problem:invalid</c>; it stays the same over versions. Null where the answer named
    /// none.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>The setting of the server that decides this, such as <c>MAX_ITEMS</c>; null where none does.</summary>
    public string? Setting { get; init; }

    /// <summary>Finds the request in the server's log; null where the answer had none.</summary>
    public string? TraceId { get; init; }

    /// <summary>How long the server asks to wait before the request is sent again; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The fields and items at fault; empty where none is named.</summary>
    public IReadOnlyList<FieldProblem> Errors { get; init; } = [];
}
