using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>One job in examples: two photos, of which one could not be read.</summary>
internal static class Samples
{
    private const string Reason = "The service answered 422: the photo cannot be read";

    public const string Photo = "/9j/4AAQSkZJRg==";

    public const string TaskIdText = "0199f0a2-7d1c-7c4e-9b1d-2a6f41000016";

    public const string Instance = "http://localhost:9997/api/predict_1";

    public static DateTimeOffset Time { get; } = new(2030, 1, 31, 8, 0, 0, TimeSpan.Zero);

    public static Guid JobId { get; } = Guid.Parse("0199f0a2-7d1c-7c4e-9b1d-2a6f41000015");

    public static Guid TaskId { get; } = Guid.Parse(TaskIdText);

    public static Guid FailedTaskId { get; } = Guid.Parse("0199f0a2-7d1c-7c4e-9b1d-2a6f41000017");

    public static JobSummaryShape Job { get; } = new()
    {
        JobId = JobId,
        AdapterName = "visage",
        JobType = "visage_batch_face_identification",
        Status = JobStatusWordShape.Partial,
        State = JobStateShape.Partial,
        Version = 5,
        TotalTasks = 2,
        PendingTasks = 0,
        RunningTasks = 0,
        CompletedTasks = 1,
        CachedTasks = 0,
        FailedTasks = 1,
        CancelledTasks = 0,
        ProgressPercentage = 50,
        ProcessedPercentage = 100,
        JobName = "Summer",
        JobConfig = DocJson.Object(
            $$"""{"threshold":0.7,"visage_api_url":"{{Instance}}","image_count":2,"additional_params":{"max_faces":10} }"""),
        EstimatedCost = null,
        Cost = null,
        AggregateResults = DocJson.Parse(
            """
            {"images":1,"images_with_faces":1,"faces":1,
            "people":[{"id":"ann","name":"Ann","images":1,"faces":1,"best_confidence":87,"items":[0]}],"faces_of_others":0}
            """),
        ErrorSummary = [new(ErrorKindShape.Rejected, 1, Reason)],
        TotalProcessingTimeMs = 295.461,
        Cache = CacheShape.Off,
        Priority = 5,
        Paused = false,
        PausedUntil = null,
        UserId = "user_123",
        SessionId = "session_456",
        CreatedAt = Time,
        ScheduledFor = null,
        DeadlineAt = null,
        StartedAt = Time,
        CompletedAt = Time,
        UpdatedAt = Time,
    };

    public static TaskSummaryShape Task { get; } = new()
    {
        TaskId = TaskId,
        JobId = JobId,
        AdapterName = "visage",
        TaskType = "face_identify",
        Status = TaskStatusWordShape.Finished,
        State = TaskStateShape.Completed,
        Version = 3,
        ProcessingTimeMs = 295.461,
        ErrorMessage = null,
        Progress = new(100, 1, 4, TaskStageShape.Done),
        BatchIndex = 0,
        ErrorKind = null,
        RetryCount = 0,
        MaxRetries = 3,
        CancelRequested = false,
        CreatedAt = Time,
        StartedAt = Time,
        FinishedAt = Time,
        ScheduledFor = null,
        InputData = Input(TaskId, 0),
    };

    public static TaskSummaryShape FailedTask { get; } = Task with
    {
        TaskId = FailedTaskId,
        Status = TaskStatusWordShape.Failed,
        State = TaskStateShape.Failed,
        ProcessingTimeMs = 232.406,
        ErrorMessage = Reason,
        BatchIndex = 1,
        ErrorKind = ErrorKindShape.Rejected,
        InputData = Input(FailedTaskId, 1),
    };

    public static IReadOnlyList<TaskResultShape> Results { get; } = [Result(Task, Faces()), Result(FailedTask, null)];

    public static JobStatusShape Status { get; } = new(Job, Results)
    {
        EstimatedCompletion = null,
        EtaSeconds = null,
        EtaP90Seconds = null,
        EtaAt = null,
        Waiting = null,
        ResultsNextOffset = null,
    };

    /// <summary>The 202 of a job of photos.</summary>
    public static SubmitAnswerShape Acknowledged { get; } = new()
    {
        JobId = JobId,
        Status = SubmitStatusWordShape.Queued,
        State = JobStateShape.Pending,
        TotalTasks = 2,
        ExpectedTasks = 2,
        EstimatedCompletion = "1s",
        EtaSeconds = 0.301,
        EtaP90Seconds = 0.333,
        EtaAt = Time,
        EstimatedCost = null,
        AdapterName = "visage",
        Message = "2 photos are queued.",
        TaskIds = [TaskId, FailedTaskId],
        CoordinatorTaskId = null,
        VisageApiUrl = Instance,
        ThresholdUsed = 0.7,
        Mode = ModeShape.Queue,
        Durable = true,
        StatusUrl = $"/api/queue/status/{JobId}",
        WebsocketSubscription = new("subscribe_job") { JobId = JobId },
    };

    /// <summary>The 202 of a task.</summary>
    public static SubmitAnswerShape AcknowledgedTask { get; } = Acknowledged with
    {
        TotalTasks = 1,
        ExpectedTasks = 1,
        Message = "The photo is queued.",
        TaskId = TaskId,
        TaskIds = [TaskId],
        StatusUrl = $"/api/queue/status/{TaskId}",
        WebsocketSubscription = new("subscribe_task") { TaskId = TaskId },
    };

    /// <summary>The 200 of a submit that waited until its job ended.</summary>
    public static SubmitAnswerShape Done(SubmitAnswerShape acknowledged) => acknowledged with
    {
        Kind = JobKindShape.Job,
        Status = SubmitStatusWordShape.Completed,
        State = JobStateShape.Completed,
        EstimatedCompletion = null,
        EtaSeconds = null,
        EtaP90Seconds = null,
        EtaAt = null,
        Message = null,
        TotalTasks = 1,
        ExpectedTasks = 1,
        TaskIds = [TaskId],
        JobType = Job.JobType,
        Version = 4,
        PendingTasks = 0,
        RunningTasks = 0,
        CompletedTasks = 1,
        CachedTasks = 0,
        FailedTasks = 0,
        CancelledTasks = 0,
        ProgressPercentage = 100,
        ProcessedPercentage = 100,
        Progress = 100,
        JobName = Job.JobName,
        TotalProcessingTimeMs = Job.TotalProcessingTimeMs,
        Cache = CacheShape.Off,
        Priority = 5,
        Paused = false,
        CreatedAt = Time,
        StartedAt = Time,
        CompletedAt = Time,
        UpdatedAt = Time,
        Results = [Results[0]],
    };

    /// <summary>The answer of the face service.</summary>
    public static JsonNode Faces() => DocJson.Parse(
        $$"""
        {"data":[[{"image":"{{Photo}}","confidence":0.99,"performers":[
        {"id":"ann","name":"Ann","confidence":87,"image":"","country":"","hits":1,"distance":87,"performer_url":""}]}]]}
        """);

    /// <summary>A task with its photo and its result.</summary>
    public static TaskDetailShape Detail(TaskSummaryShape task, JsonNode? output)
    {
        var input = task.InputData!.DeepClone().AsObject();
        input["image"] = Photo;
        return new(task) { InputData = input, OutputJson = output };
    }

    private static TaskResultShape Result(TaskSummaryShape task, JsonNode? output) => new()
    {
        TaskId = task.TaskId,
        JobId = task.JobId,
        AdapterName = task.AdapterName,
        TaskType = task.TaskType,
        Status = task.State == TaskStateShape.Completed ? TaskStatusWordShape.Completed : task.Status,
        State = task.State,
        Version = task.Version,
        ProcessingTimeMs = task.ProcessingTimeMs,
        ErrorMessage = task.ErrorMessage,
        Progress = task.Progress,
        BatchIndex = task.BatchIndex,
        OutputJson = output,
    };

    private static JsonObject Input(Guid task, int index) => DocJson.Object(
        $$$"""
        {"batch_index":{{{index}}},"threshold":0.7,"visage_api_url":"{{{Instance}}}","additional_params":{"max_faces":10},
        "input_url":"/api/queue/task/{{{task}}}/input/image"}
        """);
}
