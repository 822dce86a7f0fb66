using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>Subscriptions to lists, and the messages that answer them.</summary>
internal static class ListMessages
{
    /// <summary>The message that follows a list of jobs.</summary>
    public static byte[] Subscription(JobFilter filter)
    {
        var members = new JsonObject();
        foreach (var (name, value) in filter.Parameters()) members[name] = value;
        return Bytes(new JsonObject { ["type"] = "subscribe_jobs", ["filter"] = members });
    }

    /// <summary>The message that follows the services.</summary>
    public static byte[] ServicesSubscription() => Bytes(new JsonObject { ["type"] = "subscribe_services" });

    /// <summary>The filter for an event stream: a query string, or 1 for all jobs.</summary>
    public static string Query(JobFilter filter)
    {
        var text = string.Join('&', filter.Parameters().Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
        return text.Length == 0 ? "1" : text;
    }

    public static JobListUpdate? ReadJobs(ReadOnlySpan<byte> json) => TypeOf(json) switch
    {
        "jobs" when Read(json) is var page =>
            new JobListUpdate { IsPage = true, Jobs = page.Data ?? [], Total = page.Total },
        "jobs_changed" when Read(json) is var news =>
            new JobListUpdate { Jobs = news.Jobs ?? [], Left = news.Left ?? [], Removed = news.Removed ?? [] },
        _ => null,
    };

    public static ServiceListUpdate? ReadServices(ReadOnlySpan<byte> json) => TypeOf(json) switch
    {
        "services" => JsonSerializer.Deserialize(json, StashJsonContext.Default.ServiceListUpdate)! with { IsComplete = true },
        "services_changed" => JsonSerializer.Deserialize(json, StashJsonContext.Default.ServiceListUpdate),
        _ => null,
    };

    private static WireJobList Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, StashJsonContext.Default.WireJobList)!;

    private static string? TypeOf(ReadOnlySpan<byte> json)
    {
        try
        {
            var message = JsonSerializer.Deserialize(json, StashJsonContext.Default.LiveMessage);
            if (message is not { Type: "error" }) return message?.Type;
            // An older server knows no lists. The filter is valid, because a page of it was read before; so the rest passes.
            throw message.Message?.StartsWith("Unknown message type", StringComparison.Ordinal) == true
                ? new LiveUnsupportedException(message.Message)
                : new StashUnavailableException(message.Message ?? "The server cannot follow the list at the moment.");
        }
        catch (JsonException exception)
        {
            throw new StashProtocolException($"A live message is not valid: {exception.Message}", exception);
        }
    }

    private static byte[] Bytes(JsonObject message) => JsonSerializer.SerializeToUtf8Bytes(message, StashJsonContext.Default.JsonObject);
}
