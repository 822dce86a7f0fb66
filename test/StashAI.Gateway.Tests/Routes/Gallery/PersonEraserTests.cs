using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Visage;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Routes.Gallery;

/// <summary>
/// Thousands of made-up answers of the face service, inputs and aggregates, erased by the real code and by a model that builds the same
/// text without the person.
/// </summary>
public sealed class PersonEraserTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_person_is_erased_as_the_model_says_and_everything_else_stays_to_the_byte(int seed)
    {
        var made = new MadeAnswers(new Random(seed));
        for (var i = 0; i < 2000; i++)
        {
            var answer = made.Next();
            var eraser = new PersonEraser(MadeAnswers.Subject);

            var erased = eraser.Erase(Encoding.UTF8.GetBytes(answer.Before));

            if (!answer.NamesPerson)
            {
                Assert.True(erased is null, answer.Before);
                continue;
            }

            Assert.True(erased is not null, answer.Before);
            var text = Encoding.UTF8.GetString(erased.Value.Span);
            var isAsModel = JsonNode.DeepEquals(JsonNode.Parse(answer.After), JsonNode.Parse(text));
            Assert.True(isAsModel, $"{answer.Before}\n{answer.After}\n{text}");
            Assert.All(answer.Kept, part => Assert.Contains(part, text, StringComparison.Ordinal));
            Assert.Equal(answer.Erased, eraser.ErasedFaces);
            AssertNotNamed(JsonNode.Parse(text));
            // Repeating it changes nothing.
            Assert.Null(new PersonEraser(MadeAnswers.Subject).Erase(erased.Value));
        }
    }

    /// <summary>What is erased from the kept faces is what is erased from the result.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void The_kept_faces_lose_the_embeddings_of_the_same_faces_and_no_others(int seed)
    {
        const int length = 1044;
        var random = new Random(seed);
        var made = new MadeAnswers(random);
        var erasure = new VisageErasure();
        for (var i = 0; i < 200; i++)
        {
            var answer = made.Next();
            if (answer.Faces is not { } faces || !answer.NamesPerson) continue;
            var kept = new byte[1 + (faces * length)];
            random.NextBytes(kept);
            kept[0] = 1;

            var erased = erasure.Erase(MadeAnswers.Subject, Encoding.UTF8.GetBytes(answer.Before), kept);

            Assert.NotNull(erased);
            for (var face = 0; face < faces; face++)
            {
                var before = kept.AsSpan(1 + (face * length), length);
                var after = erased.Value.Derived.Span.Slice(1 + (face * length), length);
                Assert.Equal(answer.Erased.Contains(face), !after[..1024].ContainsAnyExcept((byte)0));
                Assert.True(answer.Erased.Contains(face) ? after[1024..].SequenceEqual(before[1024..]) : after.SequenceEqual(before));
            }
        }
    }

    private static void AssertNotNamed(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, value) in members) AssertNotNamed(value);
                break;
            case JsonArray elements:
                foreach (var element in elements) AssertNotNamed(element);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Assert.DoesNotContain(value.GetValue<string>(), MadeAnswers.Subject.Ids, StringComparer.OrdinalIgnoreCase);
                break;
        }
    }
}
