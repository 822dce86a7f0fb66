namespace StashAI.Client.Models;

/// <summary>Something that a service can do with an item.</summary>
/// <param name="Name">The name of the operation, as in <c>visage.identify</c>.</param>
/// <param name="TaskType">What its tasks are called.</param>
/// <param name="JobType">What its jobs are called.</param>
/// <param name="Aggregates">True when the results of a job are added up.</param>
public sealed record ServiceOperation(string Name, string TaskType, string JobType, bool Aggregates)
{
    /// <summary>How people see its results; null for a table of their fields, and from older servers.</summary>
    public ServiceView? View { get; init; }
}
