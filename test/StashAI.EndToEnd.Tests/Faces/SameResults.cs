using System.Text.Json;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>Compares results that were judged again with those of a fresh run.</summary>
internal static class SameResults
{
    /// <summary>
    /// Everything is the same to the byte, except that a cosine may differ in its last digit: embeddings are stored in 16 bits.
    /// </summary>
    public static void Assert(List<JsonElement> expected, List<JsonElement> actual)
    {
        Xunit.Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++) Assert(expected[i], actual[i]);
    }

    private static void Assert(JsonElement expected, JsonElement actual)
    {
        Xunit.Assert.Equal(expected.ValueKind, actual.ValueKind);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Xunit.Assert.Equal(
                    expected.EnumerateObject().Select(property => property.Name),
                    actual.EnumerateObject().Select(property => property.Name));
                foreach (var property in expected.EnumerateObject())
                {
                    var other = actual.GetProperty(property.Name);
                    if (property.Name is "cosine" or "distance") Xunit.Assert.Equal(property.Value.GetDouble(), other.GetDouble(), 0.0002);
                    else Assert(property.Value, other);
                }

                break;
            case JsonValueKind.Array:
                Assert([.. expected.EnumerateArray()], [.. actual.EnumerateArray()]);
                break;
            default:
                Xunit.Assert.Equal(expected.GetRawText(), actual.GetRawText());
                break;
        }
    }
}
