using System.Text.Json;

namespace StashAI.Sdk;

/// <summary>One operation of an adapter.</summary>
/// <param name="Name">The name in routes, for example <c>identify</c>.</param>
/// <param name="TaskType">The <c>task_type</c> in the API, for example <c>face_identify</c>.</param>
/// <param name="JobType">The <c>job_type</c> of a batch of such tasks, for example <c>visage_batch_face_identification</c>.</param>
public sealed record AdapterOperation(string Name, string TaskType, string JobType)
{
    /// <summary>Combines the results of a job into its summary; null for no summary.</summary>
    public IResultFold? Fold { get; init; }

    /// <summary>Judges finished results again without calling the service's models; null when that is not possible.</summary>
    public IResultRematch? Rematch { get; init; }

    /// <summary>Removes one subject from what is stored of the operation; null when its results and inputs never name any.</summary>
    public IResultErasure? Erasure { get; init; }

    /// <summary>Reads who or what each result shows, so that results can be found by it; null for nothing.</summary>
    public IResultSubjects? Subjects { get; init; }

    /// <summary>Groups what finished results show of unknown subjects; null when that is not possible.</summary>
    public IResultGrouping? Grouping { get; init; }

    /// <summary>
    /// True when a job may have binary parts that all of its tasks share. In <see cref="TaskContext.Payloads"/> they follow the task's own
    /// parts.
    /// </summary>
    public bool HasJobParts { get; init; }

    /// <summary>
    /// The properties of an item that hold files. Each file becomes one of <see cref="TaskContext.Payloads"/>, with the property's name as
    /// its slot. An empty name means that the item itself is a file; its slot is <c>file</c>.
    /// </summary>
    public IReadOnlyList<string> FileFields { get; init; } = [];

    /// <summary>
    /// How many tasks of a job may share one call; 1 by default. With more than 1 the queue hands out up to that many tasks at once, with
    /// the same <see cref="TaskContext.Pack"/>, and every limit counts them as one call.
    /// </summary>
    public int Pack { get; init; } = 1;

    /// <summary>
    /// The longest time that one attempt of this operation may take; null for <see cref="AdapterManifest.AttemptTimeout"/>.
    /// </summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>
    /// What results depend on besides the item, the job's configuration and the address, such as a version of the adapter or of a model:
    /// with another text here, no earlier result is reused. The members of the configuration that every job may have do not count, among
    /// them <c>user_id</c>, <c>session_id</c>, <c>job_name</c> and <c>tags</c>: jobs of different users share results. An adapter whose
    /// answers depend on one of them, or on something that changes by itself, leaves this null, the default; then jobs that ask for known
    /// results are refused with <see cref="ReuseRefusal"/>.
    /// </summary>
    public string? ResultVersion { get; init; }

    /// <summary>Why results are not reused, as a sentence for people; null for a general one.</summary>
    public string? ReuseRefusal { get; init; }

    /// <summary>Whether jobs that do not say take known results; it needs a <see cref="ResultVersion"/>.</summary>
    public ResultCache Cache { get; init; }

    /// <summary>How people see the results of this operation; null for <see cref="AdapterManifest.View"/>.</summary>
    public ResultView? View { get; init; }

    /// <summary>
    /// Says at the door what is wrong with an item, before anything of its job is kept; null for no such check. It gets the item without
    /// its files, may be called from several threads at once, and should be quick: it is called for each item while the body arrives.
    /// </summary>
    public Func<JsonElement, ItemFault?>? CheckItem { get; init; }
}
