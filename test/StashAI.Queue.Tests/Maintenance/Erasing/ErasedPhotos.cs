using System.Text;
using System.Text.Json;

namespace StashAI.Queue.Tests.Maintenance.Erasing;

/// <summary>Results of photos and pairs that show a person who is to be erased, and what of them may be left nowhere.</summary>
internal sealed class ErasedPhotos
{
    public const string Ann = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b";
    public const string Annie = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5c";
    public const string Bob = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5d";
    public const string Name = "Annelise Quent";
    public const string FormerName = "Annelise Zeuxis";
    public const string OfBob = "Bob";
    public const string HerPicture = "9jAnnsFaceInSixteenBytes";
    public const string PictureOfBob = "9jBobsFaceInSixteenBytes";

    private readonly Random random = new(15);

    /// <summary>What may be stored nowhere afterwards.</summary>
    public List<byte[]> Secrets { get; } =
        [.. ((string[])[Ann, Annie, Name, FormerName, "Zeuxis", "Quent"]).Select(Encoding.UTF8.GetBytes)];

    public byte[] HerEmbedding { get; } = [.. Enumerable.Range(0, 32).Select(i => (byte)(1 + (i * 7 % 251)))];

    public static string Pairs(int task) => task == 0
        ? $$"""{"person1":" annelise  QUENT","person2":"{{OfBob}}"}"""
        : $$"""{"person1":"{{OfBob}}","item_id":7}""";

    public static byte[] Pair(string person1, string? person2 = null) => Bytes(JsonSerializer.Serialize(new
    {
        data = new { person1, person2, similarity = 0.7, confidence = 93, is_match = true },
        threshold_cosine = 0.3,
    }));

    public (byte[] Output, byte[]? Derived) Photo(string[] faces) => PhotoOf([.. faces.Select(face => face.Split('|'))]);

    public static string Face(params string[] people) => string.Join('|', people);

    private (byte[] Output, byte[]? Derived) PhotoOf(string[][] faces)
    {
        var derived = new List<byte> { 1 };
        var written = new List<object>();
        foreach (var people in faces)
        {
            var face = new byte[1044];
            random.NextBytes(face);
            derived.AddRange(face);
            var embedding = Convert.ToBase64String(
                Enumerable.Range(0, 256).SelectMany(i => BitConverter.GetBytes((float)face[i])).ToArray());
            var image = new byte[400];
            random.NextBytes(image);
            var picture = Convert.ToBase64String(image);
            if (people[0] is Ann or Annie)
            {
                Secrets.Add(face[..1024]);
                Secrets.Add(Bytes(embedding));
                Secrets.Add(Bytes(picture));
            }

            written.Add(new
            {
                image = picture,
                confidence = 0.98,
                performers = people.Where(id => id.Length > 0)
                    .Select(id => new { id, name = id == Bob ? OfBob : Name, confidence = 90, cosine = 0.7 }),
                box = new { x = random.Next(900), y = 30, width = 90, height = 110 },
                quality = 4.1,
                ambiguous = people.Length > 1,
                embedding,
            });
        }

        return (Bytes(JsonSerializer.Serialize(new { data = new[] { written }, image_width = 900 })), [.. derived]);
    }

    /// <summary>A photo of one face, up to 12 KB large; any small part of what must go can be recognised.</summary>
    public (byte[] Output, byte[]? Derived) PhotoOfSize(string person, Random sizes)
    {
        var isHers = person == Ann;
        var embedding = Enumerable.Repeat(isHers ? HerEmbedding : new byte[32], 32).SelectMany(bytes => bytes);
        var output = new
        {
            data = new[]
            {
                new[]
                {
                    new
                    {
                        image = string.Concat(Enumerable.Repeat(isHers ? HerPicture : PictureOfBob, sizes.Next(1, 500))),
                        performers = new[] { new { id = person, name = isHers ? Name : OfBob, confidence = 90, cosine = 0.7 } },
                        box = new { x = sizes.Next(900), y = 30, width = 90, height = 110 },
                        quality = 4.1,
                    },
                },
            },
            image_width = 900,
            note = new string('-', sizes.Next(4000)),
        };
        return (Bytes(JsonSerializer.Serialize(output)), [1, .. embedding, .. new byte[20]]);
    }


    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
