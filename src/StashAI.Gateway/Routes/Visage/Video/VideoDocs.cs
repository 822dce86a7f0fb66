using System.Text.Json.Nodes;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Visage.Video;

/// <summary>The description of batches of videos in the API's document.</summary>
internal static class VideoDocs
{
    public static RouteDoc Videos { get; } = SubmitDoc.Of(
        "visage-video",
        "Find the faces of videos, and when they appear",
        BodyDoc.Of(
            "VideoRequest",
            Body,
            """
            {"items":[{"video":{"path":"/films/summer.mp4"}},{"video":{"url":"https://media.example.org/film.webm"},"frames_per_minute":30}],
            "config":{"threshold":0.5,"frames_per_minute":6,"job_name":"Films"} }
            """),
        Samples.Acknowledged with { Message = "2 videos are queued.", ThresholdUsed = 0.5 }) with
    {
        Description = "One task for each video, which the face service reads with ffmpeg; without ffmpeg the tasks fail and say so. A "
            + "video is base64, a file of a form, a file of the server (`path`), all videos of a folder (`folder`), or an address (`url`), "
            + "whose bytes are passed on without being stored. A result has the cover, the frames with their times and faces, and the "
            + "people with the times of each.",
        HasFreeQuery = ItemForm.HasConfigInQuery,
    };

    private static JsonObject Body() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["items"] = FieldSchemaNode.ListOf(FieldSchemaNode.Of(VideoItems.SentItem)),
            ["visage_api_url"] = new JsonObject { ["type"] = "string", ["description"] = "Another instance of the service." },
            ["config"] = new JsonObject { ["$ref"] = "#/components/schemas/VisageConfig" },
        },
        ["required"] = new JsonArray("items"),
    };
}
