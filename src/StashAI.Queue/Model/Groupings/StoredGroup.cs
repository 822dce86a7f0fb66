namespace StashAI.Queue.Model.Groupings;

/// <summary>A group of a grouping.</summary>
/// <param name="Number">Its number in the grouping, from 0, the largest first.</param>
/// <param name="Members">How many parts it has.</param>
/// <param name="Results">How many results these are of.</param>
/// <param name="Best">How many of the first members show the subject best.</param>
/// <param name="Subject">The id of the subject that it was named after, or is about to be; null for none.</param>
/// <param name="IsNamed">False while it is not certain that the service has learned the subject.</param>
public sealed record StoredGroup(int Number, int Members, int Results, int Best, string? Subject = null, bool IsNamed = false);

/// <summary>A part of a result in a group.</summary>
/// <param name="Number">The number of the group.</param>
/// <param name="Position">The position in the group, from 0, the best first.</param>
/// <param name="TaskKey">The internal key of the task.</param>
/// <param name="Part">The position of the part in the result, from 0.</param>
public readonly record struct StoredMember(int Number, int Position, long TaskKey, int Part);
