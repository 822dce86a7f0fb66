namespace StashAI.Gateway.Wire.Docs;

/// <summary>A parameter in the path, the query or the headers.</summary>
/// <param name="Name">The name as sent.</param>
/// <param name="Place"><c>path</c>, <c>query</c> or <c>header</c>; path parameters are always required.</param>
/// <param name="Type">Its JSON type.</param>
/// <param name="Meaning">What it does, in Markdown.</param>
internal sealed record ParameterDoc(string Name, string Place, string Type, string Meaning)
{
    /// <summary>The format of a text, such as <c>uuid</c>.</summary>
    public string? Format { get; init; }

    /// <summary>The smallest value of a number.</summary>
    public long Least { get; init; }

    /// <summary>The largest value of a number.</summary>
    public long Most { get; init; } = int.MaxValue;

    /// <summary>All values that it takes; empty for any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>
    /// True when it may be given several times; any other parameter that is repeated is refused, since only one could count.
    /// </summary>
    public bool MayRepeat { get; init; }

    /// <summary>The name of the words in the document, if many routes use them; null for words of only one route.</summary>
    public string? Component { get; init; }

    public static ParameterDoc Id { get; } = new("id", "path", "string", "The id.") { Format = "uuid" };

    public static ParameterDoc Service { get; } = new(
        "service", "path", "string", "The service, one of those that `GET /api/services` lists.");

    public static ParameterDoc ServiceName { get; } = new("name", "path", "string", "The service's name.");

    public static ParameterDoc Limit { get; } =
        new("limit", "query", "integer", "The most entries of the page.") { Least = 1, Most = 1000 };

    /// <summary>A page may also be empty, for what stands beside its entries.</summary>
    public static ParameterDoc LimitFromZero { get; } = Limit with { Least = 0 };

    public static ParameterDoc Offset { get; } =
        new("offset", "query", "integer", "How many entries to skip.") { Most = int.MaxValue - Limit.Most };

    /// <summary>Where the entries before are walked over.</summary>
    public static ParameterDoc ShortOffset { get; } = Offset with { Most = 1_000_000 };

    public static ParameterDoc Status { get; } = new(
        "status", "query", "string", "Only those of this status; all synonyms are known. Repeated, or several separated by commas.")
    {
        MayRepeat = true,
    };

    public static ParameterDoc Adapter { get; } = new("adapter_name", "query", "string", "Only those of this service.");

    public static ParameterDoc Cursor { get; } = Query(
        "cursor", "`next` of the page before. Entries that come in between move no page, as they do with `offset`.");

    public static ParameterDoc User { get; } = Query("user_id", "Only those of this user.");

    public static ParameterDoc Session { get; } = Query("session_id", "Only those of this session.");

    public static ParameterDoc Inputs { get; } = new(
        "inputs", "query", "string", "How much of the inputs to show: nothing, where to fetch them, or all.")
    {
        Words = ["none", "ref", "full"],
        Component = "InputDetail",
    };

    public static ParameterDoc Dialect { get; } =
        new("dialect", "query", "string", "The words for states. The header `StashAI-Dialect` says the same.")
        {
            Words = ["default", "plugin"],
            Component = "Dialect",
        };

    public static ParameterDoc ResultFormat { get; } =
        Query("format", "`ndjson` for a result on each line: all results, or with `limit` that page.") with
        {
            Words = ["json", "ndjson"],
            Component = "ResultFormat",
        };

    public static ParameterDoc IdempotencyKey { get; } =
        new("Idempotency-Key", "header", "string", "The same key with the same request gives the first answer again.");

    public static ParameterDoc Prefer { get; } =
        new(
            "Prefer", "header", "string",
            "`wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then.");

    /// <summary>The parameters whose words have a name.</summary>
    public static IReadOnlyList<ParameterDoc> Components => [Inputs, Dialect, ResultFormat];

    public static ParameterDoc Query(string name, string meaning, string type = "string") => new(name, "query", type, meaning);

    public static ParameterDoc Path(string name, string meaning) => new(name, "path", "string", meaning);
}
