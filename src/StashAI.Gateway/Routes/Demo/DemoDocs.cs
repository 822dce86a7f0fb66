using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Demo;

/// <summary>The descriptions of the demo's routes in the API's document.</summary>
internal static class DemoDocs
{
    public static RouteDoc Job { get; } = SubmitDoc.Of(
        "demo-job",
        "Create a job of sample photos",
        BodyDoc.Of(new DemoRequestShape { DemoTaskCount = 3 }) with { IsRequired = false },
        Samples.Acknowledged with
        {
            Message = "Demo Visage job created. Subscribe to job_id via WebSocket to receive real-time updates.",
        }) with
    {
        Description = "A real job that needs no network. The body may be left out. `drawings` is true where 'stashai demo' "
            + "has not fetched the sample photos into this data folder: then the pictures are drawn, and no faces will be found in them.",
    };

    public static RouteDoc Task { get; } = SubmitDoc.Of(
        "demo-task",
        "Create a task of a sample photo",
        BodyDoc.Of(new DemoTaskRequestShape { VisageApiUrl = "http://127.0.0.1:9997" }) with { IsRequired = false },
        Samples.AcknowledgedTask with
        {
            Message = "Demo Visage task created. Subscribe to task_id via WebSocket to receive real-time updates.",
        });

    /// <summary>The example is the real answer of a server on the default port.</summary>
    public static RouteDoc Instructions { get; } = new("instructions", Chapter.Server, "How the live feed is used")
    {
        Answers = [new(
            StatusCodes.Status200OK, "The messages of both sides, with examples.", typeof(InstructionsShape), AnswerDoc.Json, Example)],
    };

    private static JsonNode Example()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) InstructionRoutes.Write(json, "ws://127.0.0.1:9998/ws/demo_session");
        return JsonNode.Parse(buffer.WrittenSpan)!;
    }
}

/// <summary>Which sample photos to take.</summary>
internal sealed record DemoRequestShape
{
    public int? DemoTaskCount { get; init; }
    public string? VisageApiUrl { get; init; }
}

/// <summary>Where to send the sample photo.</summary>
internal sealed record DemoTaskRequestShape
{
    public string? VisageApiUrl { get; init; }
}

/// <summary>How the live feed is used.</summary>
internal sealed record InstructionsShape(
    string WebsocketEndpoint, string ConnectionExample, IReadOnlyDictionary<string, SubscriptionHelpShape> SupportedSubscriptions,
    IReadOnlyDictionary<string, string> DemoWorkflow, IReadOnlyDictionary<string, JsonObject> UnsubscribeExamples,
    IReadOnlyList<MessageHelpShape> MessagesToTheServer, IReadOnlyList<MessageHelpShape> MessagesOfTheServer);

/// <summary>How something is followed.</summary>
internal sealed record SubscriptionHelpShape(string Description, JsonObject SubscribeMessage, JsonObject UpdateFormat);

/// <summary>A message of the live feed.</summary>
internal sealed record MessageHelpShape(string Type, string Summary, IReadOnlyDictionary<string, string> Fields, JsonObject Example);
