using System.Text;
using System.Text.Json;
using CsCheck;
using StashAI.Gateway.Wire.Queue;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>A result on one line is the same result: only what stands between its values goes.</summary>
public sealed class OnOneLineTests
{
    private static readonly Gen<string> Space = Gen.OneOf(
        "", " ", "  ", "\t", "\n", "\r", "\r\n", "\n\n", " \n ", "\n    ", " \t", "\r\n\t\t");

    private static readonly Gen<string> Leaf = Gen.OneOf(
        "1", "-1.50", "1e3", "null", "true", "\"\"", "\"two  spaces\"", "\"a\\nb\"", "\"\\r\\n\"", "\" \\\" \"", "\"é\\u2028\"", "[]",
        "{}");

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 3
        ? Leaf
        : Gen.OneOf(
            Leaf,
            Gen.Select(Space, inner, Space).Array[0, 4].Select(
                values => $"[{string.Join(',', values.Select(one => one.Item1 + one.Item2 + one.Item3))}]"),
            Gen.Select(Space, Space, inner, Space).Array[0, 4].Select(
                values => $"{{{string.Join(',', values.Select((one, i) => $"{one.Item1}\"k {i}\"{one.Item2}:{one.Item3}{one.Item4}"))}}}")));

    [Fact]
    public void Any_document_has_one_line_and_the_same_values() => Gen.Select(Space, Json, Space).Sample(
        (before, json, after) =>
        {
            var bytes = Encoding.UTF8.GetBytes(before + json + after);

            var line = ResultJson.OnOneLine(bytes);

            Assert.True(line.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0);
            using var expected = JsonDocument.Parse(bytes);
            using var found = JsonDocument.Parse(line);
            Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(found));
            // A second time there is nothing to do, and nothing is copied.
            Assert.True(line.Equals(ResultJson.OnOneLine(line)));
        },
        iter: 5_000);

    [Theory]
    [InlineData("{\"a\": [1, 2],  \"b\":\t\"x  y\"}", "{\"a\": [1, 2],  \"b\":\t\"x  y\"}")]
    [InlineData("{\n  \"a\": [\r\n    1,\r\n    2\r\n  ]\n}\n", "{\"a\": [1,2]}")]
    [InlineData("\n\n1\r", "1")]
    public void All_else_stays_as_the_service_wrote_it(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ResultJson.OnOneLine(Encoding.UTF8.GetBytes(json)).Span));
}
