namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>A part of a path, a query or the headers.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Place">`path`, `query` or `header`.</param>
/// <param name="Type">Its JSON type.</param>
/// <param name="Meaning">What it says, in Markdown.</param>
internal sealed record ApiParameter(string Name, string Place, string Type, string Meaning)
{
    public static ApiParameter Id { get; } = new("id", "path", "string", "The id: a UUID.");

    public static ApiParameter Service { get; } = new("service", "path", "string", "The service, one of those that `GET /api/services` lists.");

    public static ApiParameter ServiceName { get; } = new("name", "path", "string", "The service's name.");

    public static ApiParameter Limit { get; } = new("limit", "query", "integer", "How many at most.");

    public static ApiParameter Offset { get; } = new("offset", "query", "integer", "How many to leave out before.");

    public static ApiParameter Status { get; } = new("status", "query", "string", "Only those of this status; all synonyms are known.");

    public static ApiParameter Adapter { get; } = new("adapter_name", "query", "string", "Only those of this service.");

    public static ApiParameter Inputs { get; } = new("inputs", "query", "string", "How much of the inputs to show: `none`, `ref` or `full`.");

    public static ApiParameter Dialect { get; } = new("dialect", "query", "string", "The words for states: `default` or `plugin`. The header `StashAI-Dialect` says the same.");

    public static ApiParameter IdempotencyKey { get; } =
        new("Idempotency-Key", "header", "string", "The same key with the same request gives the first answer again.");

    public static ApiParameter Prefer { get; } =
        new("Prefer", "header", "string", "`wait=N` waits up to N seconds, 60 at most, and answers with the results when the job is over by then.");
}
