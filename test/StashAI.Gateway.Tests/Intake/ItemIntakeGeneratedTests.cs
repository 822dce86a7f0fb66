using System.Text;
using System.Text.Json;
using CsCheck;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Tests.Intake;

public sealed class ItemIntakeGeneratedTests
{
    private static readonly byte[] Interesting =
        [.. "{}[]:,\"\\ \n\t-+.eE0123456789truefalsnlu/"u8, 0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xE2, 0xFF];

    [Fact]
    public async Task Any_document_cut_anywhere_reads_as_System_Text_Json_reads_it() =>
        await Gen.Int.SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var bytes = Encoding.UTF8.GetBytes(new DocumentWriter(random).Document());
                using var expected = JsonDocument.Parse(bytes);
                using var result = await Bodies.ReadAsync(Bodies.Cut(bytes, Cuts(random, bytes)), BodyShape.Plain, new RecordingSink());
                Assert.True(JsonElement.DeepEquals(expected.RootElement, result.Root));
            },
            iter: 3000);

    [Fact]
    public async Task A_damaged_document_is_refused_exactly_when_System_Text_Json_refuses_it()
    {
        var (accepted, refused) = (0, 0);
        await Gen.Int.SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var bytes = Damage(random, Encoding.UTF8.GetBytes(new DocumentWriter(random).Document()));
                var expected = ReaderAccepts(bytes);
                Interlocked.Increment(ref expected ? ref accepted : ref refused);
                var actual = await IntakeAcceptsAsync(Bodies.Cut(bytes, Cuts(random, bytes)));
                Assert.True(
                    expected == actual,
                    $"reader {expected}, intake {actual}: {Convert.ToHexString(bytes)} {Encoding.UTF8.GetString(bytes)}");
            },
            iter: 10000);
        Assert.True(accepted > 500 && refused > 500, $"{accepted} accepted, {refused} refused");
    }

    [Fact]
    public async Task Payloads_in_any_order_of_keys_come_out_byte_for_byte_and_the_rest_stays() =>
        await Gen.Int.SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var write = new DocumentWriter(random);
                var images = Enumerable.Range(0, random.Next(6)).Select(_ => Bytes(random)).ToArray();
                var image = Bytes(random);
                var nested = Bytes(random);
                var config = write.Value(3);
                var title = write.Text();
                var isList = random.Next(2) == 0;
                string[] members = isList
                    ? [write.Member("\"im\\u0061ges\"", "[" + string.Join(",", images.Select(write.Payload)) + "]"),
                        write.Member("\"config\"", config)]
                    :
                    [
                        write.Member("\"image\"", write.Payload(image)),
                        write.Member("\"image_data\"", write.Object(Shuffle(random, [
                            write.Member("\"image_base64\"", write.Payload(nested)), write.Member("\"title\"", title)]))),
                        write.Member("\"config\"", config),
                    ];
                var bytes = Encoding.UTF8.GetBytes(write.Object(Shuffle(random, members)));
                var sink = new RecordingSink();
                using var result = await Bodies.ReadAsync(Bodies.Cut(bytes, Cuts(random, bytes)), Bodies.Photos, sink);

                Assert.Equal(
                    isList ? images : [],
                    sink.Files.Where(p => p.Path.StartsWith("images[", StringComparison.Ordinal)).Select(p => p.Bytes));
                Assert.Equal(isList ? null : image, sink.Files.SingleOrDefault(p => p.Path == "image").Bytes);
                Assert.Equal(isList ? null : nested, sink.Files.SingleOrDefault(p => p.Path == "image_data.image_base64").Bytes);
                Assert.Equal(!isList, result.HasOpenItem);
                using var expected = JsonDocument.Parse(
                    isList ? $$$"""{"config":{{{config}}}}""" : $$$"""{"image_data":{"title":{{{title}}}},"config":{{{config}}}}""");
                Assert.True(JsonElement.DeepEquals(expected.RootElement, result.Root));
            },
            iter: 1500);

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(1, 60)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string[] Shuffle(Random random, string[] parts)
    {
        random.Shuffle(parts);
        return parts;
    }

    private static IEnumerable<int> Cuts(Random random, byte[] bytes) =>
        random.Next(4) == 0
            ? Enumerable.Range(0, bytes.Length)
            : Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(bytes.Length + 1)).ToArray();

    private static byte[] Damage(Random random, byte[] bytes)
    {
        var damaged = bytes.ToList();
        for (var n = random.Next(1, 3); n > 0; n--)
        {
            var at = random.Next(damaged.Count + 1);
            switch (random.Next(4))
            {
                case 0:
                    damaged.Insert(at, Interesting[random.Next(Interesting.Length)]);
                    break;
                case 1 when at < damaged.Count:
                    damaged.RemoveAt(at);
                    break;
                case 2 when at < damaged.Count:
                    damaged[at] = Interesting[random.Next(Interesting.Length)];
                    break;
                case 3 when random.Next(4) == 0:
                    damaged.RemoveRange(at, damaged.Count - at);
                    break;
            }
        }

        return [.. damaged];
    }

    private static bool ReaderAccepts(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
                // A string that cannot be read as text would be a 500 later, so it counts as malformed.
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }

            // A change may have made two names of an object the same.
            using var document = JsonDocument.Parse(bytes, new() { AllowDuplicateProperties = false });
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<bool> IntakeAcceptsAsync(System.Buffers.ReadOnlySequence<byte> body)
    {
        try
        {
            using var result = await Bodies.ReadAsync(body, BodyShape.Plain, new RecordingSink());
            return true;
        }
        catch (IntakeException exception)
        {
            Assert.Equal(400, exception.Status);
            return false;
        }
    }
}
