using System.Net;
using System.Text.Json;
using StashAI.Adapters.Http.Costs;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>The rules of an operation whose tokens are paid: they also read from one answer how many tokens it took.</summary>
internal sealed class CountedRules(AnswerRules rules) : AnswerRules
{
    private readonly UsageReader reader = new();

    public override bool IsJson => rules.IsJson;

    /// <summary>What the call cost; null where the answer does not say how many tokens it took, or its model has no price.</summary>
    /// <param name="prices">What tokens cost.</param>
    /// <param name="item">The item, which may name its model; null for none.</param>
    public decimal? CostOf(TokenPrices prices, JsonElement? item)
    {
        if (reader.Usage is not { } usage) return null;
        var asked = item is { ValueKind: JsonValueKind.Object } request && request.TryGetProperty("model", out var model)
            && model.ValueKind == JsonValueKind.String ? JsonText.Of(model) : null;
        return prices.Find(asked, reader.Model)?.Of(usage);
    }

    public override TaskOutcome? ReadError(HttpStatusCode status, string head) => rules.ReadError(status, head);

    public override StatusMeaning Meaning(int status, bool hasRetryAfter) => rules.Meaning(status, hasRetryAfter);

    public override string? ReadReason(string head) => rules.ReadReason(head);

    public override TaskOutcome ReadSuccess(ReadOnlyMemory<byte> body, string? mediaType, CallReport call)
    {
        reader.Read(body.Span);
        return rules.ReadSuccess(body, mediaType, call);
    }
}
