namespace StashAI.Sdk;

/// <summary>
/// Groups what finished results show of subjects that nobody has named yet, such as the unknown faces of photos, by what their calls
/// computed (<see cref="TaskOutcome.Completed.Derived"/>), without repeating the calls.
/// </summary>
public interface IResultGrouping
{
    /// <summary>Groups the parts of some results.</summary>
    /// <param name="context">The results, and how to reach the service.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The groups; null when the service cannot answer now, to ask again.</returns>
    /// <exception cref="InvalidOperationException">The results cannot be grouped; the message says why.</exception>
    Task<GroupingOutcome?> GroupAsync(GroupingContext context, CancellationToken cancellationToken);
}
