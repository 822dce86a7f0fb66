using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Figures;

/// <summary>The description of <c>GET /api/costs</c> in the API's document.</summary>
internal static class CostDocs
{
    public static ParameterDoc From { get; } = ParameterDoc.Query("from", "The first day, such as `2030-01-31`; 30 days ago by default.");

    public static ParameterDoc To { get; } = ParameterDoc.Query("to", "The last day; today by default.");

    public static ParameterDoc Key { get; } = ParameterDoc.Query("key", "Only what this key has submitted, by its name.");

    public static ParameterDoc Service { get; } = ParameterDoc.Query("service", "Only this service.");

    public static RouteDoc Costs { get; } = new("costs", Chapter.Server, "What calls cost, by day, key and service")
    {
        Description = "Days are those of UTC, and are kept for 400 days, also when the jobs are gone. A task counts on the day on which it "
            + "completed, if its cost is known: that of an item, or of the tokens that the answer says. Known results cost nothing and are "
            + "left out.",
        Parameters = [From, To, Key, Service],
        Answers =
        [
            AnswerDoc.Of(new CostsShape(
                "2029-12-03", "2030-01-01", 0.4821, 1200, true, [new DayCostShape("2030-01-01", "laptop", "chat", 1200, 0.4821)])),
        ],
    };
}

/// <summary>What calls cost from `from` to `to`. With `complete` false there is more than the answer has: ask for fewer days.</summary>
internal sealed record CostsShape(string From, string To, double Cost, long Tasks, bool Complete, IReadOnlyList<DayCostShape> Data);

/// <summary>What the calls of a day cost; `key` is null for callers without one.</summary>
internal sealed record DayCostShape(string Day, string? Key, string Service, long Tasks, double Cost);
