namespace StashAI.Adapters.Http.Costs;

/// <summary>What a token of a model costs, in the currency of the declaration; all four are of one token.</summary>
/// <param name="Input">A token of the prompt.</param>
/// <param name="Output">A token of the answer, with those of reasoning.</param>
/// <param name="CachedInput">A token of the prompt that the service read from its cache.</param>
/// <param name="CacheWrite">A token of the prompt that the service wrote to its cache.</param>
public sealed record TokenPrice(decimal Input, decimal Output, decimal CachedInput, decimal CacheWrite)
{
    /// <summary>What a call costs, exactly.</summary>
    public decimal Of(TokenUsage usage) =>
        (usage.Input * Input) + (usage.CachedInput * CachedInput) + (usage.CacheWrite * CacheWrite) + (usage.Output * Output);
}

/// <summary>The tokens that a call took; each is counted once.</summary>
/// <param name="Input">Tokens of the prompt that no cache had to do with.</param>
/// <param name="CachedInput">Tokens of the prompt that were read from a cache.</param>
/// <param name="CacheWrite">Tokens of the prompt that were written to a cache.</param>
/// <param name="Output">Tokens of the answer.</param>
public readonly record struct TokenUsage(long Input, long CachedInput, long CacheWrite, long Output);
