using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Visage;

/// <summary>The schemas of photos in which faces are identified, and of the configuration of their jobs.</summary>
public static class PhotoItems
{
    /// <summary>The slot of the photo in a task.</summary>
    public const string Slot = "image";

    /// <summary>The item's setting for the least confidence of a match.</summary>
    public const string Threshold = "threshold";

    /// <summary>The item's setting for the most people of a face.</summary>
    public const string MaxFaces = "max_faces";

    /// <summary>What the service needs of an item: a photo, and settings that hold for it alone.</summary>
    public static FieldSchema Item { get; } = new()
    {
        Type = FieldType.Record,
        Properties =
        [
            new(Slot, new FieldSchema { Type = FieldType.File, MediaType = "image/*", Description = "The photo." }),
            new(Threshold, MatchFields.Confidence),
            new(MaxFaces, MatchFields.Faces),
        ],
    };

    /// <summary>An item as clients send it; the item itself may also be the photo.</summary>
    public static FieldSchema SentItem { get; } = Item with
    {
        Description = "A photo with its own settings; the item itself may be the photo.",
        Properties =
        [
            .. Item.Properties,
            new("item_id", new FieldSchema { Type = FieldType.Any, Description = "Returned with the result." }),
            new(
                "item_name",
                new FieldSchema { Type = FieldType.Text, Description = "Returned with the result; a file's own name without it." }),
        ],
    };

    /// <summary>The configuration of a job.</summary>
    public static FieldSchema Config { get; } = new()
    {
        Type = FieldType.Record,
        Properties =
        [
            new(Threshold, MatchFields.Confidence with { Description = "The least confidence of a match, 0 to 1; 0.5 unless given." }),
            new(MaxFaces, MatchFields.Faces),
            new("item_ids", new FieldSchema { Type = FieldType.Array, Description = "An id for each item, in their order." }),
            new("visage_api_url", new FieldSchema { Type = FieldType.Text, Description = "Another instance of the service." }),
            new("additional_params", FieldSchema.Any),
            .. VideoItems.Settings,
        ],
    };
}
