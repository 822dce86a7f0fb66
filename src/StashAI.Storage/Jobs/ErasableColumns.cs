using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Queue.Model.Erasures;
using StashAI.Sdk;

namespace StashAI.Storage.Jobs;

/// <summary>A column whose values may name a subject.</summary>
/// <param name="Place">What it is for the queue.</param>
/// <param name="Table">The table.</param>
/// <param name="Key">The column of the key.</param>
/// <param name="Second">The second column of the key; null for none.</param>
/// <param name="Column">The column.</param>
/// <param name="IsText">True for texts; false for bytes.</param>
internal sealed record ErasableColumn(ErasablePlace Place, string Table, string Key, string? Second, string Column, bool IsText)
{
    /// <summary>Which rows count; null for all.</summary>
    public string? Where { get; init; }

    /// <summary>The edits of values that were judged again, by which readers change them; NULL for none.</summary>
    public string Edits =>
        Place == ErasablePlace.Result ? "(SELECT edits FROM task_judgements j WHERE j.task_id = task_results.task_id)" : "NULL";
}

/// <summary>The columns whose values may name a subject. Both databases have the same.</summary>
internal static class ErasableColumns
{
    /// <summary>The columns of tasks; keys are those of tasks.</summary>
    public static readonly ErasableColumn[] OfTasks =
    [
        new(ErasablePlace.Result, "task_results", "task_id", null, "output", false),
        new(ErasablePlace.Derived, "task_derived", "task_id", null, "data", false),
        new(ErasablePlace.Input, "task_inputs", "task_id", null, "input", false),
        new(ErasablePlace.FirstInput, "task_inputs", "task_id", null, "first_input", false),
        new(ErasablePlace.TaskError, "queue_tasks", "id", null, "error_message", true),
        new(ErasablePlace.AttemptError, "task_attempts", "task_id", "fence", "error_message", true),
        new(ErasablePlace.AnswerHead, "task_attempts", "task_id", "fence", "answer_head", true),
    ];

    /// <summary>The columns of jobs; keys are those of jobs.</summary>
    public static readonly ErasableColumn[] OfJobs =
    [
        new(ErasablePlace.Config, "queue_jobs", "id", null, "config", false),
        new(ErasablePlace.Aggregate, "job_aggregates", "job_id", null, "aggregate", false),
        new(ErasablePlace.RematchAggregate, "job_rematches", "job_id", null, "aggregate", false),
        new(ErasablePlace.ErrorExample, "job_errors", "job_id", "kind", "example", true),
        new(ErasablePlace.FailurePattern, "job_failures", "job_id", "fingerprint", "pattern", true),
        new(ErasablePlace.FailureMessage, "job_failures", "job_id", "fingerprint", "message", true),
        new(ErasablePlace.GroupSubject, "job_groups", "job_id", "number", "subject", true),
    ];

    /// <summary>Other columns, table by table.</summary>
    public static readonly ErasableColumn[][] OfRecords =
    [
        [
            new(ErasablePlace.AuditTarget, "audit_log", "id", null, "target_id", true),
            new(ErasablePlace.AuditDetails, "audit_log", "id", null, "details", true) { Where = "target_kind IN ('person', 'gallery')" },
            new(ErasablePlace.OtherAuditDetails, "audit_log", "id", null, "details", true)
            {
                Where = "target_kind NOT IN ('person', 'gallery')",
            },
        ],
        [
            new(ErasablePlace.ScheduleConfig, "schedules", "id", null, "config", true),
            new(ErasablePlace.ScheduleSource, "schedules", "id", null, "source", true),
        ],
        [new(ErasablePlace.RunReason, "schedule_runs", "id", null, "reason", true)],
        [new(ErasablePlace.UploadDeclaration, "body_uploads", "id", null, "declaration", true)],
        [new(ErasablePlace.BulkError, "bulk_operations", "id", null, "error", true)],
        [
            new(ErasablePlace.InteractionPage, "user_interactions", "id", null, "page_path", true),
            new(ErasablePlace.InteractionElement, "user_interactions", "id", null, "element_id", true),
            new(ErasablePlace.InteractionMetadata, "user_interactions", "id", null, "metadata", false),
        ],
    ];

    private static readonly Dictionary<ErasablePlace, ErasableColumn> ByPlace =
        OfTasks.Concat(OfJobs).Concat(OfRecords.SelectMany(table => table)).ToDictionary(column => column.Place);

    public static ErasableColumn Of(ErasablePlace place) => ByPlace[place];

    /// <summary>A result that was judged again, as readers see it.</summary>
    public static ErasablePart Edited(ErasablePart part, byte[] edits)
    {
        var recorded = part.Data.ToArray();
        return part with { Data = ResultEdits.Apply(recorded, edits), Recorded = recorded };
    }

    /// <summary>The digest by which the erasure of a subject is found; ids are random, so that it does not give the id away.</summary>
    public static byte[] HashOf(string subjectId) => SHA256.HashData(Encoding.UTF8.GetBytes($"erasure {subjectId.ToLowerInvariant()}"));

    public static string? TextOf(ErasedSubject? subject) => subject is null ? null : JsonSerializer.Serialize(subject);

    public static ErasedSubject? SubjectOf(string? text) => text is null ? null : JsonSerializer.Deserialize<ErasedSubject>(text);
}

/// <summary>A value has changed since an erasure read it; the step is repeated.</summary>
internal sealed class ValueChangedException : Exception;
