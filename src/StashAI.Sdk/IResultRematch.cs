namespace StashAI.Sdk;

/// <summary>
/// Judges finished results again, by what their calls computed (<see cref="TaskOutcome.Completed.Derived"/>), without repeating the calls.
/// </summary>
public interface IResultRematch
{
    /// <summary>The largest size of what one call computed, in bytes; larger data is not stored.</summary>
    const int MaxDerivedBytes = 4 * 1024 * 1024;

    /// <summary>Judges some results of a job again. While a call is under way, others may be made, also for the same job.</summary>
    /// <param name="context">The results, and how to reach the service.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What becomes of each result, in the order of the context; null when the service cannot answer now, to ask again.</returns>
    /// <exception cref="InvalidOperationException">The results cannot be judged again; the message says why.</exception>
    Task<RematchOutcome?> RematchAsync(RematchContext context, CancellationToken cancellationToken);
}
