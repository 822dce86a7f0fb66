using System.Text.Json;
using StashAI.Adapters.Http.Reading;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>What every job may ask for in its `config`, whatever its service.</summary>
internal sealed record JobSettings
{
    /// <summary>The keys of a `config` that every job may have.</summary>
    public static IReadOnlyList<string> Keys { get; } = DeclarationReader.SharedConfig;

    /// <summary>The most tags of a job.</summary>
    public const int MaxTags = 16;

    /// <summary>The most characters of a tag.</summary>
    public const int MaxTagLength = 64;

    private static readonly TimeSpan Furthest = TimeSpan.FromDays(3660);

    /// <summary>0 to 9, higher first (`priority`: a number, or low, normal, high).</summary>
    public int Priority { get; private init; } = 5;

    /// <summary>The most tasks at once (the smaller of `batch_size` and `max_parallel`); null for no limit.</summary>
    public int? MaxParallel { get; private init; }

    /// <summary>How often a failed call is tried again (`max_retries`); null for the usual number.</summary>
    public int? MaxRetries { get; private init; }

    /// <summary>When it may start (`start_at`); null for at once.</summary>
    public DateTimeOffset? StartAt { get; private init; }

    /// <summary>When what is not over fails (`deadline`); null for never.</summary>
    public DateTimeOffset? Deadline { get; private init; }

    /// <summary>What people find it by (`tags`), each once.</summary>
    public IReadOnlyList<string> Tags { get; private init; } = [];

    /// <summary>Reads them; a value that cannot be used is refused under its name.</summary>
    public static JobSettings Read(JsonFields config, DateTimeOffset now)
    {
        var start = config.Time("start_at");
        var deadline = config.Time("deadline");
        if (start > now + Furthest) throw config.Wrong("start_at", "must be within ten years.");
        if (deadline > now + Furthest) throw config.Wrong("deadline", "must be within ten years.");
        if (deadline <= now) throw config.Wrong("deadline", "has passed already; leave it out, or send a time to come.");
        if (deadline <= start) throw config.Wrong("deadline", "must be later than start_at.");
        return new JobSettings
        {
            Priority = ReadPriority(config),
            MaxParallel = Smaller(config.Whole("batch_size", 1, 100_000), config.Whole("max_parallel", 1, 100_000)),
            MaxRetries = config.Whole("max_retries", 0, 100),
            StartAt = start,
            Deadline = deadline,
            Tags = ReadTags(config),
        };
    }

    /// <summary>The job with these settings.</summary>
    public NewJob Apply(NewJob job) => job with
    {
        Priority = Priority,
        MaxParallel = MaxParallel ?? int.MaxValue,
        MaxAttempts = MaxRetries + 1 ?? job.MaxAttempts,
        StartAt = StartAt,
        Deadline = Deadline,
        Tags = Tags,
    };

    /// <summary>Shows again in `job_config` what was asked for.</summary>
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
                ? [.. list.EnumerateArray().Select(tag => tag.ValueKind == JsonValueKind.String ? tag.GetString()! : throw config.Wrong("tags", "must be a list of texts."))]
                : [];
        foreach (var tag in given)
        {
            if (tag.Length is 0 or > MaxTagLength || tag.Trim().Length != tag.Length || tag.Contains(',') || tag.Any(char.IsControl))
                throw config.Wrong("tags", $"'{Excerpt.Of(tag)}' is not valid; a tag has 1 to {MaxTagLength} characters, no comma, no control character and no space at its ends.");
        }

        var tags = given.Distinct(StringComparer.Ordinal).ToList();
        return tags.Count <= MaxTags ? tags : throw config.Wrong("tags", $"has {tags.Count} different tags; {MaxTags} are the most.");
    }

    /// <summary>0 to 9, as a number or a word; 5 unless given.</summary>
    public static int ReadPriority(JsonFields config) => config.Word("priority") switch
    {
        "low" => 1,
        "normal" => 5,
        "high" => 9,
        _ => config.Whole("priority", 0, 9) ?? 5,
    };

    private static int? Smaller(int? one, int? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;
}
