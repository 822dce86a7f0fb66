using System.ComponentModel;
using System.Text.Json.Nodes;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using static StashAI.Gateway.Wire.Docs.ParameterDoc;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>The descriptions of the routes for any service in the API's document.</summary>
internal static class BatchDocs
{
    public static ParameterDoc OperationName { get; } = Query("operation", "Which of the service's operations, where it has several.");

    private static readonly IReadOnlyList<ParameterDoc> OfService = [Service, IdempotencyKey, Prefer, Dialect, OperationName];

    public static SubmitAnswerShape Acknowledged { get; } = Samples.Acknowledged with
    {
        AdapterName = "translation",
        Operation = "translate",
        Message = "2 items are queued.",
        VisageApiUrl = null,
        ThresholdUsed = null,
    };

    public static SubmitAnswerShape AcknowledgedTask { get; } = Samples.AcknowledgedTask with
    {
        AdapterName = "translation",
        Operation = "translate",
        Message = "The item is queued.",
        VisageApiUrl = null,
        ThresholdUsed = null,
    };

    public static RouteDoc Typed { get; } = SubmitDoc.Of(
        "batch",
        "Create a job of any type",
        BodyDoc.Of(new BatchRequestShape
        {
            Type = "interactions",
            Items = [DocJson.Parse(
                """{"session_id":"my-session","user_id":"user_123","action_type":"click","page_path":"/scenes","element_type":"button","element_id":"play","metadata":{}}""")],
            Config = new() { JobName = "Import" },
        }),
        Samples.Acknowledged with
        {
            TotalTasks = 1,
            ExpectedTasks = 1,
            AdapterName = "interactions",
            Message = "The item is queued.",
            TaskIds = [Samples.TaskId],
            TaskId = Samples.JobId,
            Type = "interactions.record",
            VisageApiUrl = null,
            ThresholdUsed = null,
            SubmittedAt = Samples.Time,
        }) with
    {
        Description = "`type` is `interactions`, `sessions` or `<service>.<operation>`. Each item is a task.",
    };

    public static RouteDoc Batch { get; } = SubmitDoc.Of(
        "service-batch", "Create a job of a service with one operation",
        Items("""{"items":["/9j/4AAQSkZJRg=="],"config":{"priority":"high"}}"""), Acknowledged) with
    {
        Parameters = OfService,
        HasFreeQuery = ItemForm.HasConfigInQuery,
    };

    public static RouteDoc Operation { get; } = SubmitDoc.Of(
        "service-batch-operation",
        "Create a job of a service",
        Items("""{"items":[{"session_id":"my-session","page_views":3}],"config":{}}"""),
        Acknowledged) with
    {
        Parameters = [Service, Path("operation", "One of the service's operations."), IdempotencyKey, Prefer, Dialect],
        HasFreeQuery = ItemForm.HasConfigInQuery,
        Description = "The only list of the body counts as `items`.",
    };

    public static RouteDoc Task { get; } = SubmitDoc.Of(
        "service-task",
        "Create a task of a service",
        Items("""{"item":"The house is red.","config":{"source":"eng","target":"spa"}}"""),
        AcknowledgedTask) with
    {
        Parameters = OfService,
        HasFreeQuery = ItemForm.HasConfigInQuery,
        Description = "For declared services; for `interactions` and `sessions` the body itself is the item.",
    };

    public static RouteDoc Job { get; } = SubmitDoc.Of(
        "service-job",
        "Create a job of a declared service",
        Items("""{"items":["The house is red."],"config":{"source":"eng","target":"spa"}}"""),
        Acknowledged) with
    {
        Parameters = OfService,
        HasFreeQuery = ItemForm.HasConfigInQuery,
        Description = "For a service with several operations, `?operation=` names one. "
            + "Items also come as NDJSON, or as the files of a form. `GET /api/services/{service}/schema` says "
            + "what an item and the config hold.",
    };

    public static RouteDoc Schema { get; } = new("service-schema", Chapter.Server, "What an item and the config of a declared service hold")
    {
        Parameters = [Path("service", "The service's name.")],
        Answers =
        [
            AnswerDoc.Of(new ServiceSchemaShape(
                "translation", "Translates texts with Apertium.", 4, null, 30, [], DocJson.Object("""{"type":"object"}"""),
                [
                    new(
                        "translate", "Translates one text.", "translation_translate", "translation_batch_translate",
                        "/api/translation/batch/translate", 30, null, null, DocJson.Object("""{"type":"string"}""")),
                ])),
        ],
    };

    private static BodyDoc Items(string example) => new(typeof(ServiceRequestShape), () => DocJson.Parse(example));
}

/// <summary>Items of any type.</summary>
internal sealed record BatchRequestShape
{
    [Description("`interactions`, `sessions`, or a service and an operation, such as `visage.identify`.")]
    public required string Type { get; init; }

    [Description("What each holds is the service's own.")]
    public required IReadOnlyList<JsonNode> Items { get; init; }

    [Description("What any job may ask for, and the service's own keys.")]
    public ConfigShape? Config { get; init; }
}

/// <summary>Items of a service. The service's own routes in this document say what they hold.</summary>
internal sealed record ServiceRequestShape
{
    public IReadOnlyList<JsonNode>? Items { get; init; }

    [Description("The one item of a task.")]
    public JsonNode? Item { get; init; }

    [Description("What any job may ask for, and the service's own keys.")]
    public JsonObject? Config { get; init; }
}

/// <summary>What a declared service takes.</summary>
internal sealed record ServiceSchemaShape(
    string Name, string? Description, double? MaxParallel, double? RatePerSecond, double TimeoutSeconds,
    IReadOnlyList<string> RequiredLabels, JsonObject ConfigSchema, IReadOnlyList<OperationSchemaShape> Operations);

/// <summary>What an operation of a declared service takes.</summary>
internal sealed record OperationSchemaShape(
    string Name, string? Description, string TaskType, string JobType, string Route, double TimeoutSeconds, double? CostPerItem,
    JsonObject? CostPerToken, JsonObject ItemSchema);
