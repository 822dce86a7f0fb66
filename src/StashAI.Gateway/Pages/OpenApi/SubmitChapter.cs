using static StashAI.Gateway.Pages.OpenApi.ApiParameter;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Routes that make jobs.</summary>
internal static class SubmitChapter
{
    public const string Tag = "Submit";

    public const string Acknowledgement =
        "The job is durable. `Location` names it and `Retry-After` says when to look again. With `Prefer: wait=N` it is a 200 with the results when the job is over in time.";

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        Submit("/api/visage/job", "visage-job", "Find the faces of many photos") with
        {
            Description = "One task for each photo. `images` holds base64, with or without a `data:` prefix; the body is read as a stream and may have gigabytes. "
                + "`visage_api_url` may be left out: the configured service is called then.",
        },
        Submit("/api/visage/batch/identify", "visage-identify", "The same, as the service calls it"),
        Submit("/api/visage/batch/compare", "visage-compare", "Compare pairs of photos or people") with
        {
            Description = "One task for each pair. On each side stands a photo (`image1`, `image2`) or a person of the gallery (`person1`, `person2`); of a photo with several "
                + "faces the closest counts, unless `face1` or `face2` chooses one. A result has the similarity, the distance, the confidence in percent and `is_match`; "
                + "the aggregate counts the matches and names their places.",
            RequestSchema = CompareSchemas.Pairs,
        },
        Submit("/api/visage/batch/one-to-many", "visage-one-to-many", "Compare one photo or person with many") with
        {
            Description = "One task for each item. The target's photo is stored once. The aggregate ranks the items, the most alike first, at most 100.",
            RequestSchema = CompareSchemas.OneToMany,
        },
        Submit("/api/visage/task", "visage-task", "Find the faces of one photo") with
        {
            Description = "The photo is `image`, or `image_data` as text, or `image_data` as an object with `image_base64`.",
        },
        Submit("/api/batch", "batch", "Make a job of any type") with
        {
            Description = "`type` is `interactions`, `sessions` or `<service>.<operation>`. Each item is a task.",
        },
        Submit("/api/{service}/batch", "service-batch", "Make a job of a service with one operation") with { Parameters = [Service, IdempotencyKey, Prefer] },
        Submit("/api/{service}/batch/{operation}", "service-batch-operation", "Make a job of a service") with
        {
            Parameters = [Service, new("operation", "path", "string", "One of the service's operations."), IdempotencyKey, Prefer],
            Description = "The only list of the body counts as `items`.",
        },
        Submit("/api/{service}/task", "service-task", "Make a task of a service") with
        {
            Parameters = [Service, IdempotencyKey, Prefer], Description = "Of a declared service; of `interactions` and `sessions` the body itself is the item.",
        },
        Submit("/api/{service}/job", "service-job", "Make a job of a declared service") with
        {
            Parameters = [Service, IdempotencyKey, Prefer],
            Description = "For a service with several operations, `?operation=` names one. Items also come as NDJSON, or as the files of a form. "
                + "`GET /api/services/{service}/schema` says what an item and the config hold.",
        },
        Submit("/api/demo/visage/job", "demo-job", "Make a job of sample photos") with
        {
            NeedsBody = false, Description = "A real job that needs no network. The body may be left out.",
        },
        Submit("/api/demo/visage/task", "demo-task", "Make a task of a sample photo") with { NeedsBody = false },
    ];

    private static ApiRoute Submit(string path, string id, string summary) => new("POST", path, id, Tag, summary)
    {
        Status = StatusCodes.Status202Accepted,
        Answer = Acknowledgement,
        Parameters = [IdempotencyKey, Prefer],
    };
}
