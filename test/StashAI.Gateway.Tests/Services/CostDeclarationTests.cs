using StashAI.Adapters.Http.Costs;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;

namespace StashAI.Gateway.Tests.Services;

/// <summary>The key <c>cost</c> of a declaration.</summary>
public sealed class CostDeclarationTests
{
    [Theory]
    [InlineData("0.001", null)]
    [InlineData("{input: 0.15, output: 0.6}", null)]
    [InlineData("{output: 1e-3, per: 1}", null)]
    [InlineData("{models: {small: {input: 1}}, per: 1K}", null)]
    [InlineData("{models: {small: {input: 1}}, input: 2, output: 3, cached_input: 1, cache_write: 4}", null)]
    [InlineData("{models: {\"\": {input: 1}}}", "a name is empty")]
    [InlineData("{per: 1M}", "needs input or output")]
    [InlineData("{input: 1, per: 2M}", "per must be one of 1, 1K, 1M")]
    [InlineData("{input: -1, output: 1}", "from 0 to 1000000000")]
    [InlineData("{input: 0.0000000001, output: 1}", "at most 9 decimals")]
    [InlineData("{input: 1e-30, output: 1}", "at most 9 decimals")]
    [InlineData("0.00000000000000000000000000000000001", "at most 9 decimals")]
    [InlineData("0.000e9", null)]
    [InlineData("{input: 1000, output: 1, per: 1}", null)]
    [InlineData("{input: 1000000000, output: 1}", null)]
    [InlineData("{input: 1000.1, output: 1, per: 1}", "A token must not cost more than 1000")]
    [InlineData("{input: 1, cached_input: 1000001, per: 1K}", "A token must not cost more than 1000")]
    [InlineData("{models: {small: {output: 1000000000}}, per: 1}", "A token must not cost more than 1000")]
    [InlineData("{input: dear, output: 1}", "A cost must be a number")]
    [InlineData("-0.1", "A cost must be a number")]
    [InlineData("much", "A cost must be a number")]
    [InlineData("[1]", "cost must be a mapping")]
    [InlineData("{input: 1, zzz: 1}", "does not have the key 'zzz'")]
    [InlineData("{models: {small: {inputs: 1, output: 1}}}", "does not have the key 'inputs'")]
    [InlineData("{models: {small: {}}, input: 1}", "needs input or output")]
    public void It_is_of_an_item_or_of_tokens(string cost, string? error)
    {
        var result = Read($"cost: {cost}\noperations:\n  go: {{item: string, request: {{path: /x}}}}");

        if (error is null) Assert.Empty(result.Errors);
        else Assert.Contains(error, Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prices_are_of_one_token_and_what_is_left_out_costs_as_input()
    {
        var cost = Read("cost: {models: {\"a*\": {input: 1, output: 2}, ab: {input: 3}}, input: 5, cached_input: 0.5, per: 1K}\n"
            + "operations:\n  go: {item: string, request: {path: /x}}").Declaration!.Operations[0].Cost!.Tokens!;

        Assert.Equal(new TokenPrice(0.001m, 0.002m, 0.001m, 0.001m), cost.Find("abc"));
        Assert.Equal(new TokenPrice(0.003m, 0, 0.003m, 0.003m), cost.Find("ab"));
        Assert.Equal(new TokenPrice(0.005m, 0, 0.0005m, 0.005m), cost.Find("b", null));
        Assert.Equal(cost.Find("ab"), cost.Find("b", "ab"));
    }

    [Fact]
    public void Tokens_of_a_pack_belong_to_several_items()
    {
        var result = Read("""
            operations:
              go:
                item: string
                cost: {input: 1}
                request: {path: /x, json: {text: "{{ item }}"}}
                pack: {max_items: 4, request: {path: /x, json: {texts: "{{ items | json }}"}}, results: ""}
            """);

        Assert.Contains(result.Errors, error => error.Message.Contains("several items", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cost_per_item")]
    [InlineData("cost_per_token")]
    public void The_keys_of_stored_costs_are_reserved(string key)
    {
        var result = Read($"config: {{{key}: {{type: number}}}}\noperations:\n  go: {{item: string, request: {{path: /x}}}}");

        Assert.Contains("is reserved", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    private static DeclarationResult Read(string more) => DeclarationReader.Read($"name: a\nurl: http://x\n{more}");
}
