using StashAI.Adapters.Http.Costs;
namespace StashAI.Adapters.Http.Declarations;

/// <summary>What a service costs, in the operator's currency: an item, or the tokens of an answer.</summary>
/// <param name="PerItem">The cost of one item; null where tokens are paid.</param>
/// <param name="Tokens">What tokens cost; null where items are paid.</param>
public sealed record DeclaredCost(decimal? PerItem, TokenPrices? Tokens)
{
    /// <summary>The key under which a job's configuration stores the cost of an item.</summary>
    public const string ItemKey = "cost_per_item";

    /// <summary>The key under which a job's configuration stores what a token costs.</summary>
    public const string TokensKey = "cost_per_token";

    /// <summary>Both keys; declarations must not use them themselves.</summary>
    public static IReadOnlyCollection<string> Keys { get; } = [ItemKey, TokensKey];
}
