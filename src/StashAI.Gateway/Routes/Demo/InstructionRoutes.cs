using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Live.Messages;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Routes.Demo;

/// <summary><c>GET /api/demo/websocket/instructions</c>: how to use the live feed, generated from the feed's own catalog.</summary>
internal static class InstructionRoutes
{
    private static readonly (string Name, LiveMessageType Subscribe, LiveMessageType Unsubscribe, LiveMessageType Update)[] Subscriptions =
    [
        ("task_updates", LiveCatalog.SubscribeTask, LiveCatalog.UnsubscribeTask, LiveCatalog.TaskStatus),
        ("job_progress", LiveCatalog.SubscribeJob, LiveCatalog.UnsubscribeJob, LiveCatalog.JobProgress),
        ("queue_statistics", LiveCatalog.SubscribeQueueStats, LiveCatalog.UnsubscribeQueueStats, LiveCatalog.QueueStats),
    ];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/demo/websocket/instructions", ShowAsync).Describe(DemoDocs.Instructions).NeedsNothing();

    private static Task ShowAsync(HttpContext context) => WireJson.WriteAsync(
        context,
        StatusCodes.Status200OK,
        json => Write(json, $"{context.PublicAddress().SocketUrl}/ws/demo_session"));

    /// <summary>Writes the answer for a live feed with this address.</summary>
    public static void Write(Utf8JsonWriter json, string address)
    {
        json.WriteStartObject();
        json.WriteString("websocket_endpoint", "/ws/{session_id}");
        json.WriteString("connection_example", address);
        WriteSubscriptions(json);
        WriteWorkflow(json, address);
        json.WriteStartObject("unsubscribe_examples");
        foreach (var subscription in Subscriptions) WriteExample(json, subscription.Name, subscription.Unsubscribe);
        json.WriteEndObject();
        WriteTypes(json, "messages_to_the_server", LiveCatalog.FromClients);
        WriteTypes(json, "messages_of_the_server", LiveCatalog.FromServer);
        json.WriteEndObject();
    }

    private static void WriteSubscriptions(Utf8JsonWriter json)
    {
        json.WriteStartObject("supported_subscriptions");
        foreach (var (name, subscribe, _, update) in Subscriptions)
        {
            json.WriteStartObject(name);
            json.WriteString("description", subscribe.Summary);
            WriteExample(json, "subscribe_message", subscribe);
            WriteExample(json, "update_format", update);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteWorkflow(Utf8JsonWriter json, string address)
    {
        json.WriteStartObject("demo_workflow");
        json.WriteString("1", $"Connect to WebSocket: {address}");
        json.WriteString("2", "Create a demo job: POST /api/demo/visage/job");
        json.WriteString("3", $"Follow it with its job_id: {LiveCatalog.SubscribeJob.Example}");
        json.WriteString("4", "Watch it go from pending over running to completed");
        json.WriteString("5", "Create a single task: POST /api/demo/visage/task");
        json.WriteString("6", $"Follow it with its task_id: {LiveCatalog.SubscribeTask.Example}");
        json.WriteEndObject();
    }

    private static void WriteTypes(Utf8JsonWriter json, string name, IReadOnlyList<LiveMessageType> types)
    {
        json.WriteStartArray(name);
        foreach (var type in types)
        {
            json.WriteStartObject();
            json.WriteString("type", type.Name);
            json.WriteString("summary", type.Summary);
            json.WriteStartObject("fields");
            foreach (var field in type.Fields) json.WriteString(field.Name, $"{field.Type}: {field.Meaning}");
            json.WriteEndObject();
            WriteExample(json, "example", type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteExample(Utf8JsonWriter json, string name, LiveMessageType type)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(type.Example);
    }
}
