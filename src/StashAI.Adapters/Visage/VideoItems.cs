using System.Text.Json;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Visage;

/// <summary>The schemas of videos in which faces are identified.</summary>
public static class VideoItems
{
    /// <summary>The slot of the video in a task.</summary>
    public const string Slot = "video";

    /// <summary>The setting for the frames of each minute that are analysed.</summary>
    public const string FramesPerMinute = "frames_per_minute";

    /// <summary>The setting for the most frames of a video.</summary>
    public const string MaxFrames = "max_frames";

    /// <summary>The setting for how closely each frame is searched.</summary>
    public const string Detail = "detail";

    /// <summary>The largest <see cref="FramesPerMinute"/>.</summary>
    public const int MostFramesPerMinute = 600;

    /// <summary>The largest <see cref="MaxFrames"/>.</summary>
    public const int MostFrames = 2000;

    /// <summary>The values of <see cref="Detail"/>.</summary>
    public static IReadOnlyList<string> Details { get; } = ["fast", "auto", "fine"];

    /// <summary>The settings that only videos have; an item and a job may have them.</summary>
    public static IReadOnlyList<KeyValuePair<string, FieldSchema>> Settings { get; } =
    [
        new(
            FramesPerMinute,
            new FieldSchema
            {
                Type = FieldType.Number,
                Min = ExactNumber.Of(0),
                Max = ExactNumber.Of(MostFramesPerMinute),
                Description = "Of videos: how many frames of each minute are analysed, 6 unless given; 0 for the cover only.",
            }),
        new(
            MaxFrames,
            new FieldSchema
            {
                Type = FieldType.WholeNumber,
                Min = ExactNumber.Of(1),
                Max = ExactNumber.Of(MostFrames),
                Description = "Of videos: the most frames, 2,000 unless given. Those of a longer video are spread over its length.",
            }),
        new(
            Detail,
            new FieldSchema
            {
                Type = FieldType.Text,
                Choices = [.. Details.Select(one => JsonElement.Parse($"\"{one}\""))],
                Description = "Of videos: how closely each frame is searched for faces, fast unless given.",
            }),
    ];

    /// <summary>What the service needs of an item: a video, and settings that hold for it alone.</summary>
    public static FieldSchema Item { get; } = new()
    {
        Type = FieldType.Record,
        Properties =
        [
            new(Slot, new FieldSchema { Type = FieldType.File, MediaType = "video/*", IsRequired = true, Description = "The video." }),
            new(PhotoItems.Threshold, MatchFields.Confidence),
            new(PhotoItems.MaxFaces, MatchFields.Faces),
            .. Settings,
        ],
    };

    /// <summary>An item as clients send it; the item itself may also be the video.</summary>
    public static FieldSchema SentItem { get; } = Item with
    {
        Description = "A video with its own settings; the item itself may be the video.",
        Properties =
        [
            .. Item.Properties,
            new("item_id", new FieldSchema { Type = FieldType.Any, Description = "Returned with the result." }),
            new(
                "item_name",
                new FieldSchema { Type = FieldType.Text, Description = "Returned with the result; a file's own name without it." }),
        ],
    };
}
