using StashAI.Sdk;

namespace StashAI.Queue.Services;

/// <summary>The service that knows the subjects which results name, such as the face service and its gallery of people.</summary>
public interface ISubjectSource
{
    /// <summary>
    /// What is known of a subject: the ids of those that were merged into it, and all names. An unknown one has its id alone.
    /// </summary>
    /// <exception cref="HttpRequestException">The service cannot be reached; the message says why.</exception>
    Task<ErasedSubject> DescribeAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes a subject, so that no later call names it. One that is gone is no error.</summary>
    /// <exception cref="HttpRequestException">The service cannot be reached; the message says why.</exception>
    Task DeleteAsync(string id, CancellationToken cancellationToken);
}
