using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Visage;

/// <summary>The schemas of the items of comparisons.</summary>
public static class CompareItems
{
    /// <summary>The slot of the photo that all items of a job are compared with.</summary>
    public const string TargetSlot = "target_image";

    /// <summary>Chooses a face of a photo.</summary>
    public static FieldSchema Face { get; } = new()
    {
        Type = FieldType.Record,
        Description = "Chooses a face of the photo: by a point (x and y, in pixels) or by its index in the service's answer (from 0). "
            + "Without it, all faces are compared.",
        Properties =
        [
            new("x", new FieldSchema { Type = FieldType.Number, Min = ExactNumber.Of(0) }),
            new("y", new FieldSchema { Type = FieldType.Number, Min = ExactNumber.Of(0) }),
            new("index", new FieldSchema { Type = FieldType.WholeNumber, Min = ExactNumber.Of(0), Max = ExactNumber.Of(100_000) }),
        ],
    };

    /// <summary>
    /// A pair: on each side a photo (<c>image1</c>, <c>image2</c>) or a person of the gallery (<c>person1</c>, <c>person2</c>).
    /// </summary>
    public static FieldSchema PairItem { get; } = new()
    {
        Type = FieldType.Record,
        Description = "Two photos or people: on each side either an image or a person.",
        Properties =
        [
            new("image1", Photo("The first photo.")), new("person1", Person("The first person, by name or id.")), new("face1", Face),
            new("image2", Photo("The second photo.")), new("person2", Person("The second person, by name or id.")), new("face2", Face),
            .. Ids,
        ],
    };

    /// <summary>
    /// An item to compare with the target: a photo (<c>image</c>) or a person of the gallery (<c>person</c>). The item itself may also be
    /// the photo.
    /// </summary>
    public static FieldSchema OneToManyItem { get; } = new()
    {
        Type = FieldType.Record,
        Description = "A photo or a person; the item itself may be the photo.",
        Properties = [new("image", Photo("The photo.")), new("person", Person("The person, by name or id.")), new("face", Face), .. Ids],
    };

    private static IEnumerable<KeyValuePair<string, FieldSchema>> Ids =>
        [new("item_id", new FieldSchema { Type = FieldType.Any, Description = "Returned with the result." }), new("id", FieldSchema.Any)];

    private static FieldSchema Photo(string description) =>
        new() { Type = FieldType.File, MediaType = "image/*", Description = description };

    private static FieldSchema Person(string description) =>
        new() { Type = FieldType.Text, MinLength = 1, MaxLength = 200, Description = description };
}
