using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Costs;
using StashAI.Adapters.Http.Messages;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>One place decides what a count of tokens is: for usage of batches, for costs, and for messages of chat completions.</summary>
public sealed class TokenSumTests
{
    private static readonly DeclaredFold Fold = new(
    [
        new FoldField("input", FoldKind.Sum, JsonPointer.Parse("/usage/prompt_tokens")!),
        new FoldField("output", FoldKind.Sum, JsonPointer.Parse("/usage/completion_tokens")!),
        new FoldField("cached", FoldKind.Sum, JsonPointer.Parse("/usage/prompt_tokens_details/cached_tokens")!),
    ])
    { CountsTokens = true };

    /// <summary>What an answer may say, and which count that is; null for none.</summary>
    private static readonly (string Text, long? Count)[] Counts =
    [
        ("0", 0), ("7", 7), ("7.0", 7), ("1.2e1", 12), ("1000000000000", 1_000_000_000_000),
        ("-1", null), ("-0.5", null), ("1.5", null), ("1000000000001", null), ("9223372036854775807", null), ("-9223372036854775808", null),
        ("9223372036854775808", null), ("1e30", null), ("1e999999", null), ("\"7\"", null), ("true", null), ("[7]", null),
        ("{\"a\":1}", null),
    ];

    [Fact]
    public void An_answer_with_an_odd_count_adds_nothing_and_has_no_cost()
    {
        foreach (var input in Counts)
        {
            foreach (var output in Counts)
            {
                var json = Encoding.UTF8.GetBytes(
                    $"{{\"usage\":{{\"prompt_tokens\":{input.Text},\"completion_tokens\":{output.Text},\"prompt_tokens_details\":null}}}}");
                var isKnown = input.Count is not null && output.Count is not null;

                var sums = Encoding.UTF8.GetString(Fold.Map(0, json).Span);
                var reader = new UsageReader();
                reader.Read(json);

                Assert.Equal(
                    isKnown ? $"{{\"input\":{input.Count},\"output\":{output.Count},\"cached\":null}}"
                        : "{\"input\":null,\"output\":null,\"cached\":null}",
                    sums);
                Assert.Equal(isKnown ? new TokenUsage(input.Count!.Value, 0, 0, output.Count!.Value) : null, reader.Usage);
            }
        }
    }

    [Fact]
    public void A_message_has_no_count_that_is_none()
    {
        foreach (var (text, count) in Counts)
        {
            using var usage = JsonDocument.Parse($"{{\"prompt_tokens\":{text},\"completion_tokens\":{text}}}");

            var mapped = MessageAnswer.UsageOf(usage.RootElement);

            Assert.Equal((count ?? 0, count ?? 0), ((long)mapped["input_tokens"]!, (long)mapped["output_tokens"]!));
        }
    }

    [Fact]
    public void What_was_summed_before_stays_a_sum() => Assert.Equal(
        "{\"input\":10,\"output\":null,\"cached\":null}",
        Encoding.UTF8.GetString(Fold.Merge(
        [
            "{\"input\":3,\"output\":null,\"cached\":null}"u8.ToArray(), "{\"input\":7,\"output\":null,\"cached\":null}"u8.ToArray(),
        ]).Span));
}
