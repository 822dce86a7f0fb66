namespace StashAI.Queue.Model.Files;

/// <summary>A batch that is a job from its beginning. It has the public id of the job.</summary>
/// <param name="Dialect">The API that it was made with.</param>
/// <param name="Request">What the client asked for besides its items, as JSON.</param>
public sealed record JobBatch(BatchDialect Dialect, string Request);
