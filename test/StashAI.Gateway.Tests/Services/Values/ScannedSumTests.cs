using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using StashAI.Adapters.Http.Calls;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>Sums whose numbers are read without a document are those that are read with one.</summary>
public sealed class ScannedSumTests
{
    private static readonly string[] Pointers = ["/usage/total", "/usage/details/cached", "/usage", "/a~1b", "/usage/total", "/é"];

    private static readonly FoldField[] Sums =
        [.. Pointers.Select((pointer, i) => new FoldField($"s{i}", FoldKind.Sum, JsonPointer.Parse(pointer)!))];

    /// <summary>With a field that is no sum, there is a document.</summary>
    private static readonly DeclaredFold WithDocument =
        new([.. Sums, new FoldField("more", FoldKind.Count, JsonPointer.Parse("/nothing")!)]);

    private static readonly Gen<string> Name = Gen.OneOf(
        "usage", "total", "details", "cached", "a/b", "\\u00e9", "é", "\\ud800", "x", "u\\u0073age");

    private static readonly Gen<string> Leaf = Gen.OneOf(
        "1", "-7", "0", "-0", "12.0", "1.5", "1e3", "9223372036854775807", "9223372036854775808", "null", "true",
        "\"5\"", "[]", "[1,{}]", "{}");

    private static readonly Gen<string> Value = Gen.Recursive<string>((depth, inner) =>
        depth > 3 ? Leaf : Gen.OneOf(Leaf, Gen.Select(Name, inner).Array[0, 4].Select(members =>
            $"{{{string.Join(", ", members.Select(member => $"\"{member.Item1}\": {member.Item2}"))}}}")));

    [Fact]
    public void They_are_the_same_of_any_document() => Value.Sample(
        json =>
        {
            var output = Encoding.UTF8.GetBytes(json);
            var expected = JsonNode.Parse(WithDocument.Map(0, output).Span)!.AsObject();
            expected.Remove("more");
            Assert.Equal(expected.ToJsonString(), JsonNode.Parse(new DeclaredFold(Sums).Map(0, output).Span)!.ToJsonString());
        },
        iter: 20_000);

    [Theory]
    [InlineData("/list/0/total")]
    [InlineData("")]
    public void A_path_that_may_lead_into_a_list_needs_a_document(string path) =>
        Assert.Null(NumberScan.For([JsonPointer.Parse(path)!]));
}
