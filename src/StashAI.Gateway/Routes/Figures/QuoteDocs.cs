using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Figures;

/// <summary>The description of <c>POST /api/quote</c> in the API's document.</summary>
internal static class QuoteDocs
{
    public static RouteDoc Quote { get; } = new("quote", Chapter.Submit, "What a job would take, before it is submitted")
    {
        Description = "Time comes from the same measurements as the estimate of a job, and from what is in the queue now. What nobody has "
            + "measured or declared is null, with the reason beside it. Nothing is stored.",
        Body = BodyDoc.Of(new QuoteRequestShape("visage") { Operation = "identify", Count = 1000 }),
        Answers =
        [
            AnswerDoc.Of(new QuoteShape("visage", "identify", 1000)
            {
                SecondsP50 = 210,
                SecondsP90 = 224,
                EndsAt = Samples.Time.AddSeconds(210),
                TasksAhead = 40,
                LaneTasksPerSecond = 4.952,
                CostUnknown = "visage declares no cost",
                EnergyUnknown = "visage declares no watts",
                Errors = [],
            }),
        ],
        Refusals = [StatusCodes.Status404NotFound],
    };
}

/// <summary>A job to quote: `count` items, or a sample of them in `items`, which is checked.</summary>
internal sealed record QuoteRequestShape(string Service)
{
    public string? Operation { get; init; }
    public int? Count { get; init; }

    /// <summary>Up to 1000 items, as a submit takes them; with `count`, they are a sample.</summary>
    public IReadOnlyList<System.Text.Json.Nodes.JsonNode>? Items { get; init; }

    public int? Priority { get; init; }
    public int? MaxParallel { get; init; }
}

/// <summary>What a job would take. A figure that nobody has measured or declared is null, and its `..._unknown` says why.</summary>
internal sealed record QuoteShape(string Service, string Operation, int Count)
{
    /// <summary>Seconds from now until its end, as expected.</summary>
    public double? SecondsP50 { get; init; }

    /// <summary>Seconds from now until its end, in nine of ten cases.</summary>
    public double? SecondsP90 { get; init; }

    public DateTimeOffset? EndsAt { get; init; }
    public string? TimeUnknown { get; init; }

    /// <summary>Tasks of other jobs that would run before its last one.</summary>
    public required long TasksAhead { get; init; }

    public double? LaneTasksPerSecond { get; init; }

    /// <summary>In the operator's currency.</summary>
    public double? Cost { get; init; }

    public string? CostUnknown { get; init; }

    /// <summary>Watt-hours while its tasks run.</summary>
    public double? EnergyWh { get; init; }

    public string? EnergyUnknown { get; init; }

    /// <summary>What is wrong with the items of the sample.</summary>
    public required IReadOnlyList<QuoteErrorShape> Errors { get; init; }
}

/// <summary>What is wrong with an item of a sample; `item` counts from 0.</summary>
internal sealed record QuoteErrorShape(int Item, string Field, string Reason);
