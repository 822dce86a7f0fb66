namespace StashAI.Visage.Gallery;

/// <summary>A face that is not of a person, as somebody said.</summary>
/// <param name="Id">Its public id; empty before it is stored.</param>
/// <param name="Vector">The face.</param>
/// <param name="Source">Where the face comes from; a person has at most one rejection of each source.</param>
/// <param name="CreatedAt">When it was said.</param>
internal sealed record Rejection(Guid Id, float[] Vector, string Source, DateTimeOffset CreatedAt);
