using System.Text.Json;
using StashAI.Adapters.Http.Reading;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>The settings in <c>config</c> that jobs of every service may have.</summary>
internal sealed record JobSettings
{
    /// <summary>The keys of <c>config</c> that every job may have.</summary>
    public static IReadOnlyList<string> Keys { get; } = DeclarationReader.SharedConfig;

    /// <summary>The most tags of a job.</summary>
    public const int MaxTags = 16;

    /// <summary>The most characters of a tag.</summary>
    public const int MaxTagLength = 64;

    /// <summary>The most characters of a webhook's name or address.</summary>
    public const int MaxWebhookLength = 2000;

    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(3660);

    /// <summary>0 to 9, higher first (<c>priority</c>: a number, or low, normal, high).</summary>
    public int Priority { get; private init; } = 5;

    /// <summary>The most concurrent tasks (the smaller of <c>batch_size</c> and <c>max_parallel</c>); null for no limit.</summary>
    public int? MaxParallel { get; private init; }

    /// <summary>The most retries of a failed call (<c>max_retries</c>); null for the default.</summary>
    public int? MaxRetries { get; private init; }

    /// <summary>The earliest start (<c>start_at</c>); null to start at once.</summary>
    public DateTimeOffset? StartAt { get; private init; }

    /// <summary>When open tasks fail (<c>deadline</c>); null for never.</summary>
    public DateTimeOffset? Deadline { get; private init; }

    /// <summary>What people find it by (`tags`), each once.</summary>
    public IReadOnlyList<string> Tags { get; private init; } = [];

    /// <summary>Who is told of its end (<c>webhook</c>): a webhook by its name or id, or an address; null for nobody.</summary>
    public string? Webhook { get; private init; }
    /// <summary>Whether its tasks take known results (<c>cache</c>); null for the service's default.</summary>
    public ResultCache? Cache { get; private init; }

    /// <summary>Reads the settings; an invalid value is refused by name.</summary>
    public static JobSettings Read(JsonFields config, DateTimeOffset now)
    {
        var start = config.Time("start_at");
        var deadline = config.Time("deadline");
        if (start > now + MaxDelay) throw config.Invalid("start_at", "must be within ten years.");
        if (deadline > now + MaxDelay) throw config.Invalid("deadline", "must be within ten years.");
        if (deadline <= now) throw config.Invalid("deadline", "has already passed; leave it out, or send a future time.");
        if (deadline <= start) throw config.Invalid("deadline", "must be later than start_at.");
        return new JobSettings
        {
            Priority = ReadPriority(config),
            MaxParallel = Smaller(config.Integer("batch_size", 1, 100_000), config.Integer("max_parallel", 1, 100_000)),
            MaxRetries = config.Integer("max_retries", 0, 100),
            StartAt = start,
            Deadline = deadline,
            Tags = ReadTags(config),
            Webhook = ReadWebhook(config),
            Cache = ResultReuse.Read(config),
        };
    }

    /// <summary>Applies the settings to a job of an operation.</summary>
    /// <exception cref="RequestException">The operation does not have what the settings ask for.</exception>
    public NewJob Apply(NewJob job, AdapterOperation operation) => job with
    {
        Priority = Priority,
        MaxParallel = MaxParallel ?? int.MaxValue,
        MaxAttempts = MaxRetries + 1 ?? job.MaxAttempts,
        StartAt = StartAt,
        Deadline = Deadline,
        Tags = Tags,
        Webhook = Webhook,
        Cache = ResultReuse.Of(Cache, operation),
    };

    /// <summary>Writes the settings to <c>job_config</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (MaxParallel is { } parallel) json.WriteNumber("batch_size", parallel);
        if (MaxRetries is { } retries) json.WriteNumber("max_retries", retries);
    }

    /// <summary>A list of texts, or, as forms and queries send them, one text with commas between the tags.</summary>
    public static IReadOnlyList<string> ReadTags(JsonFields config)
    {
        var given = config.Word("tags") is { } text
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : config.Array("tags") is { } list
                ? [.. list.EnumerateArray().Select(tag => tag.ValueKind == JsonValueKind.String
                    ? tag.GetString()! : throw config.Invalid("tags", "must be a list of texts."))]
                : [];
        foreach (var tag in given)
        {
            if (tag.Length is 0 or > MaxTagLength || tag.Trim().Length != tag.Length || tag.Contains(',') || tag.Any(char.IsControl))
            {
                throw config.Invalid(
                    "tags",
                    $"'{Excerpt.Of(tag)}' is not valid; a tag has 1 to {MaxTagLength} characters, no comma, no control character and no "
                    + "space at its ends.");
            }
        }

        var tags = given.Distinct(StringComparer.Ordinal).ToList();
        return tags.Count <= MaxTags ? tags : throw config.Invalid("tags", $"has {tags.Count} different tags; {MaxTags} are the most.");
    }

    /// <summary>0 to 9, as a number or a word; 5 unless given.</summary>
    public static int ReadPriority(JsonFields config) => config.Word("priority") switch
    {
        "low" => 1,
        "normal" => 5,
        "high" => 9,
        _ => config.Integer("priority", 0, 9) ?? 5,
    };

    private static string? ReadWebhook(JsonFields config) => config.Word("webhook") switch
    {
        { Length: > 0 and <= MaxWebhookLength } text when text.Trim().Length == text.Length && !text.Any(char.IsControl) => text,
        null when !config.Has("webhook") => null,
        _ => throw config.Invalid(
            "webhook", $"must be the name of a webhook, or an http or https address, of at most {MaxWebhookLength} characters."),
    };

    private static int? Smaller(int? one, int? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;
}
