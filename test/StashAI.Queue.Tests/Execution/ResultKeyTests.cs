using System.Text;
using CsCheck;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Tests.Execution;

/// <summary>What counts as the same item, and what does not.</summary>
public sealed class ResultKeyTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """ { "b" : [ 1 , 2 ] , "a" : 1 } """)]
    [InlineData("\"é/\"", """ "\u00e9\/" """)]
    [InlineData("""{"a":{"x":1,"y":null}}""", """{"a":{"y":null,"x":1}}""")]
    public void The_order_of_members_spaces_and_escapes_do_not_count(string one, string other) => Assert.Equal(Key(one), Key(other));

    [Theory]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("1", "1.0")]
    [InlineData("1", "\"1\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""")]
    [InlineData("""{"a":"b"}""", """{"ab":""}""")]
    public void Everything_else_counts(string one, string other) => Assert.NotEqual(Key(one), Key(other));

    [Fact]
    public void What_is_no_json_counts_as_it_is()
    {
        Assert.NotEqual(Key("{"), Key("{ "));
        Assert.NotEqual(Key("\"\\ud800\""), Key("\"\\ud801\""));
        Assert.Equal(Key("{"), Key("{"));
    }

    [Fact]
    public void Each_part_counts_by_its_place()
    {
        string[] keys =
        [
            Key("1"), Key("1", parts: ["ab", "c", "1", "http://x/"]), Key("1", parts: ["a", "bc", "1", "http://x/"]),
            Key("1", config: """{"model":"m"}"""), Key("1", digest: [1]), Key("1", payloads: [new PayloadDigest("a", null, [1])]),
            Key("1", payloads: [new PayloadDigest("b", null, [1])]), Key("1", payloads: [new PayloadDigest("a", "data:", [1])]),
            Key("1", payloads: [new PayloadDigest("a", null, [1]), new PayloadDigest("a", null, [1])]),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void How_and_when_a_job_calls_does_not_count() => Assert.Equal(
        Key("1", config: """{"model":"m"}"""),
        Key("1", config: """{"tags":["a"],"model":"m","priority":9,"cost_per_item":0.5,"cache":"use","max_retries":0}"""));

    [Fact]
    public void Any_json_has_the_key_of_its_canonical_form() => Gen.Recursive<string>((depth, inner) => Gen.OneOf(
            Gen.Int.Select(number => number.ToString()),
            Gen.String.Select(text => System.Text.Json.JsonSerializer.Serialize(text)),
            Gen.Const("null"),
            depth > 3 ? Gen.Const("true") : inner.List[0, 3].Select(values => $"[{string.Join(',', values)}]"),
            depth > 3 ? Gen.Const("{}") : Gen.Select(Gen.String, inner).List[0, 3].Select(
                members => $"{{{string.Join(", ", members.DistinctBy(one => one.Item1).Select(
                    one => $"{System.Text.Json.JsonSerializer.Serialize(one.Item1)} : {one.Item2}"))}}}")))
        .Sample(json =>
        {
            var canonical = Encoding.UTF8.GetString(ResultKey.Canonical(Encoding.UTF8.GetBytes(json)));
            Assert.Equal(canonical, Encoding.UTF8.GetString(ResultKey.Canonical(Encoding.UTF8.GetBytes(canonical))));
            Assert.Equal(Key(json), Key(canonical));
        });

    private static string Key(
        string input, string[]? parts = null, string config = "", byte[]? digest = null, IReadOnlyList<PayloadDigest>? payloads = null) =>
        Convert.ToHexString(ResultKey.Compute(
            parts ?? ["s", "t", "1", "http://x/"], Encoding.UTF8.GetBytes(config), Encoding.UTF8.GetBytes(input), digest, payloads ?? []));
}
