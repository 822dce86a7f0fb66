using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Visage;

/// <summary>What the items of comparisons hold.</summary>
public static class CompareItems
{
    /// <summary>The slot under which a job has the photo that all of its items are compared with.</summary>
    public const string TargetSlot = "target_image";

    /// <summary>Which face of a photo is meant.</summary>
    public static FieldSchema Face { get; } = new()
    {
        Type = FieldType.Record,
        Description = "Which face of the photo is meant: the one at a point (x and y, in pixels), or the n-th of the service's answer (index, from 0). All of them when it is left out.",
        Properties =
        [
            new("x", new FieldSchema { Type = FieldType.Number, Min = ExactNumber.Of(0) }),
            new("y", new FieldSchema { Type = FieldType.Number, Min = ExactNumber.Of(0) }),
            new("index", new FieldSchema { Type = FieldType.Whole, Min = ExactNumber.Of(0), Max = ExactNumber.Of(100_000) }),
        ],
    };

    /// <summary>A pair: on each side a photo (`image1`, `image2`) or a person of the gallery (`person1`, `person2`).</summary>
    public static FieldSchema Pair { get; } = new()
    {
        Type = FieldType.Record,
        Description = "Two photos or people: on each side image or person.",
        Properties =
        [
            new("image1", Photo("The first photo.")), new("person1", Person("The first person, by name or id.")), new("face1", Face),
            new("image2", Photo("The second photo.")), new("person2", Person("The second person, by name or id.")), new("face2", Face),
            .. Ids,
        ],
    };

    /// <summary>What is compared with the target: a photo (`image`) or a person of the gallery (`person`). A photo alone may be the item itself.</summary>
    public static FieldSchema One { get; } = new()
    {
        Type = FieldType.Record,
        Description = "A photo or a person; the item itself may be the photo.",
        Properties = [new("image", Photo("The photo.")), new("person", Person("The person, by name or id.")), new("face", Face), .. Ids],
    };

    private static IEnumerable<KeyValuePair<string, FieldSchema>> Ids =>
        [new("item_id", new FieldSchema { Type = FieldType.Any, Description = "Comes back with the result." }), new("id", FieldSchema.Any)];

    private static FieldSchema Photo(string description) => new() { Type = FieldType.File, Description = description };

    private static FieldSchema Person(string description) => new() { Type = FieldType.Text, MinLength = 1, MaxLength = 200, Description = description };
}
