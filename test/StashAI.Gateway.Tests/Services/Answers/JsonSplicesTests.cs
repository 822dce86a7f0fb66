using System.Text;
using System.Text.Json;
using CsCheck;
using StashAI.Adapters.Http;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>Values of a JSON text are replaced, and no other byte changes.</summary>
public sealed class JsonSplicesTests
{
    private static readonly Gen<string> Value = Gen.OneOf(
        "0", "-12.50", "true", "null", "\"\"", "\"a\\u0041\\\"}\"", "\"猫\"", "[]", "[1, [2]]", "{ }", "{\"a\":[{\"b\":\"]}\"}]}");

    private static readonly Gen<string> Space = Gen.OneOf("", " ", "\n\t");

    private static readonly Gen<(string Value, string? By, string Space)[]> Members = Gen.Select(
        Value, Gen.OneOf(Value.Select(value => (string?)value), Gen.Const((string?)null)), Space).Array[1, 8];

    [Fact]
    public void It_replaces_values_and_keeps_every_other_byte() => Gen.Select(Members, Gen.Bool, Gen.Bool).Sample(
        (members, appends, isBackward) =>
        {
            var text = Encoding.UTF8.GetBytes(Text(members.Select(member => (member.Value, member.Space)), ""));
            using var document = JsonDocument.Parse(text);
            var splices = new JsonSplices(text);
            var order = Enumerable.Range(0, members.Length).Where(i => members[i].By is not null).ToList();
            if (isBackward) order.Reverse();
            foreach (var i in order)
            {
                using var by = JsonDocument.Parse(members[i].By!);
                splices.Replace(document.RootElement.GetProperty($"m{i}"), by.RootElement);
            }

            if (appends) splices.Append("last", 17);

            var expected = Text(members.Select(member => (member.By ?? member.Value, member.Space)), appends ? ",\"last\":17" : "");
            Assert.Equal(expected, Encoding.UTF8.GetString(splices.Apply().Span));
        });

    [Fact]
    public void What_does_not_change_is_not_copied()
    {
        ReadOnlyMemory<byte> text = """{"a":[1],"b":2}"""u8.ToArray();
        using var document = JsonDocument.Parse(text);
        using var by = JsonDocument.Parse("[1]");
        var splices = new JsonSplices(text);
        splices.Replace(document.RootElement.GetProperty("a"), by.RootElement);
        splices.Replace(document.RootElement.GetProperty("b"), 2);

        Assert.True(splices.Apply().Equals(text));
    }

    private static string Text(IEnumerable<(string Value, string Space)> members, string end)
    {
        var written = members.Select((member, i) => $"{member.Space}\"m{i}\"{member.Space}:{member.Space}{member.Value}");
        return "{" + string.Join(',', written) + end + "}";
    }
}
