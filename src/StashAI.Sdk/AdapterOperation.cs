using System.Text.Json;

namespace StashAI.Sdk;

/// <summary>One operation of an adapter.</summary>
/// <param name="Name">The name in routes, for example `identify`.</param>
/// <param name="TaskType">`task_type` on the wire, for example `face_identify`.</param>
/// <param name="JobType">`job_type` of a batch of such tasks, for example `visage_batch_face_identification`.</param>
public sealed record AdapterOperation(string Name, string TaskType, string JobType)
{
    /// <summary>How the results of a job fold into its summary; null for none.</summary>
    public IResultFold? Fold { get; init; }

    /// <summary>
    /// True when a job may have binary parts that all of its tasks share; they come behind the task's own in <see cref="TaskContext.Payloads"/>.
    /// </summary>
    public bool HasJobParts { get; init; }

    /// <summary>
    /// The properties of an item that hold files: they come as <see cref="TaskContext.Payloads"/> under these slots. An empty name
    /// stands for an item that is itself a file; its slot is `file`.
    /// </summary>
    public IReadOnlyList<string> FileFields { get; init; } = [];

    /// <summary>
    /// How many tasks of a job may share one call. With more than 1 the queue hands out that many at once, under one
    /// <see cref="TaskContext.Pack"/>, and counts them as one call wherever calls are limited.
    /// </summary>
    public int Pack { get; init; } = 1;

    /// <summary>
    /// Says at the door what is wrong with an item, before anything of its job is kept; null for no such check. It gets the item without its
    /// files, may be called from several threads at once, and should be quick: it is called for each item while the body arrives.
    /// </summary>
    public Func<JsonElement, ItemFault?>? CheckItem { get; init; }
}
