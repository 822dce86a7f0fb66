namespace StashAI.Queue.Model.Erasures;

/// <summary>Where values are stored that may name a subject.</summary>
public enum ErasablePlace
{
    /// <summary>The result of a task.</summary>
    Result,

    /// <summary>What the call of a task computed.</summary>
    Derived,

    /// <summary>The input of a task.</summary>
    Input,

    /// <summary>The input that a person edited.</summary>
    FirstInput,

    /// <summary>The message of a failed task.</summary>
    TaskError,

    /// <summary>The message of a failed attempt.</summary>
    AttemptError,

    /// <summary>The beginning of an answer that was no success.</summary>
    AnswerHead,

    /// <summary>The configuration of a job.</summary>
    Config,

    /// <summary>The aggregate of a job.</summary>
    Aggregate,

    /// <summary>The aggregate of a rematch that is under way.</summary>
    RematchAggregate,

    /// <summary>The example of a kind of errors.</summary>
    ErrorExample,

    /// <summary>The pattern of a group of failures.</summary>
    FailurePattern,

    /// <summary>The example of a group of failures.</summary>
    FailureMessage,

    /// <summary>Whom a group of unknown subjects was named after.</summary>
    GroupSubject,

    /// <summary>Whom an entry of the audit log is about.</summary>
    AuditTarget,

    /// <summary>The details of an entry about a person or the gallery.</summary>
    AuditDetails,

    /// <summary>The details of other entries.</summary>
    OtherAuditDetails,

    /// <summary>The configuration of a schedule's jobs.</summary>
    ScheduleConfig,

    /// <summary>Where a schedule's items come from.</summary>
    ScheduleSource,

    /// <summary>Why a run of a schedule failed.</summary>
    RunReason,

    /// <summary>What a body that arrives in chunks is.</summary>
    UploadDeclaration,

    /// <summary>Why a bulk operation failed.</summary>
    BulkError,

    /// <summary>The page of an interaction.</summary>
    InteractionPage,

    /// <summary>The element of an interaction.</summary>
    InteractionElement,

    /// <summary>What a client noted of an interaction.</summary>
    InteractionMetadata,
}
