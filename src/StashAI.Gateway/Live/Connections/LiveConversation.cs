using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Messages;
using StashAI.Gateway.Live.Reads;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Live.Connections;

/// <summary>Answers what one client sends.</summary>
internal sealed class LiveConversation
{
    private readonly LiveServices live;
    private readonly LiveSubscriber subscriber;
    private readonly ILiveOutput output;
    private readonly ILiveInteractions? interactions;
    private readonly LiveGate gate;
    private readonly string session;
    private readonly Dictionary<string, Func<JsonElement, CancellationToken, Task>> answers;

    public LiveConversation(
        LiveServices live, LiveSubscriber subscriber, ILiveOutput output, LiveGate gate, ILiveInteractions? interactions, string session)
    {
        (this.live, this.subscriber, this.output) = (live, subscriber, output);
        (this.gate, this.interactions, this.session) = (gate, interactions, session);
        var lists = new ListConversation(live, subscriber, output);
        answers = new(StringComparer.Ordinal)
        {
            [LiveCatalog.Ping.Name] = (_, cancellation) => output.SendAsync(LiveMessages.Pong, cancellation),
            [LiveCatalog.Auth.Name] = (_, cancellation) => ErrorAsync(
                "This socket has shown its key already, or needs none.", cancellation),
            [LiveCatalog.SubscribeTask.Name] = (message, cancellation) =>
                SubscribeAsync(LiveSubscription.Task(Text(message, "task_id")), cancellation),
            [LiveCatalog.UnsubscribeTask.Name] = (message, cancellation) =>
                UnsubscribeAsync(LiveSubscription.Task(Text(message, "task_id")), cancellation),
            [LiveCatalog.SubscribeJob.Name] = (message, cancellation) =>
                SubscribeAsync(LiveSubscription.Job(Text(message, "job_id")), cancellation),
            [LiveCatalog.UnsubscribeJob.Name] = (message, cancellation) =>
                UnsubscribeAsync(LiveSubscription.Job(Text(message, "job_id")), cancellation),
            [LiveCatalog.SubscribeQueueStats.Name] = (_, cancellation) => SubscribeAsync(LiveSubscription.Stats, cancellation),
            [LiveCatalog.UnsubscribeQueueStats.Name] = (_, cancellation) => UnsubscribeAsync(LiveSubscription.Stats, cancellation),
            [LiveCatalog.SubscribeJobs.Name] = (message, cancellation) => lists.SubscribeAsync(message, cancellation),
            [LiveCatalog.UnsubscribeJobs.Name] = (message, cancellation) => lists.UnsubscribeAsync(message, cancellation),
            [LiveCatalog.SubscribeServices.Name] = (_, cancellation) => lists.SubscribeServicesAsync(cancellation),
            [LiveCatalog.UnsubscribeServices.Name] = (_, cancellation) => lists.UnsubscribeServicesAsync(cancellation),
            [LiveCatalog.Interaction.Name] = RecordAsync,
        };
    }

    /// <summary>Answers one text message. Throws only when the client is gone.</summary>
    /// <returns>False when the message could not be read at all.</returns>
    public async Task<bool> AnswerAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        using var json = Read(message);
        if (json is null)
        {
            await ErrorAsync("The message is not a JSON object such as {\"type\":\"ping\"}.", cancellationToken);
            return false;
        }

        try
        {
            if (Text(json.RootElement, "type") is not { } kind) await ErrorAsync(MissingType(json.RootElement), cancellationToken);
            else if (answers.TryGetValue(kind, out var answer)) await answer(json.RootElement, cancellationToken);
            else await ErrorAsync($"Unknown message type: {Short(kind)}{FieldCheck.Suggest(kind, answers.Keys)}", cancellationToken);
        }
        catch (RequestException exception)
        {
            await ErrorAsync(exception.Problem.Detail, cancellationToken);
        }
        catch (LiveReadException exception)
        {
            LiveLog.AnswerFailed(live.Logger, session, exception.Message);
            await ErrorAsync("The server cannot reach its database at the moment: try again.", cancellationToken);
        }

        return true;
    }

    /// <summary>What is wrong with a message that has no type.</summary>
    private static string MissingType(JsonElement message)
    {
        var like = message.EnumerateObject().Select(member => member.Name)
            .FirstOrDefault(name => FieldCheck.Suggest(name, ["type"]).Length > 0);
        var rest = "must be a text, such as {\"type\":\"ping\"}.";
        return like switch
        {
            null => $"type is missing: it {rest}",
            "type" => $"type {rest}",
            _ => $"type is missing, and {Short(like)} is not known: type {rest}",
        };
    }

    public Task ErrorAsync(string message, CancellationToken cancellationToken) =>
        output.SendAsync(LiveMessages.Error(message), cancellationToken);

    /// <summary>The JSON object of a message, or null. All its strings are valid Unicode.</summary>
    public static JsonDocument? Read(ReadOnlyMemory<byte> message)
    {
        JsonDocument? json = null;
        try
        {
            json = JsonDocument.Parse(message);
            // A lone surrogate is found only when the string is read, names included.
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("The message is not an object.");
            ReadStrings(json.RootElement);
            return json;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            json?.Dispose();
            return null;
        }
    }

    private static void ReadStrings(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var one in element.EnumerateArray()) ReadStrings(one);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    ReadStrings(property.Value);
                }

                break;
        }
    }

    /// <summary>A field that is a text, or null.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private async Task SubscribeAsync(LiveSubscription subscription, CancellationToken cancellationToken)
    {
        if (await FindAsync(subscription, cancellationToken) is not { } key) return;
        if (!subscriber.TrySubscribe(key))
        {
            await ErrorAsync($"A socket can follow at most {live.Limits.MaxSubscriptions} jobs and tasks.", cancellationToken);
            return;
        }

        await output.SendAsync(LiveMessages.Subscribed(subscription), cancellationToken);
        // Register before reading the snapshot, so that changes in between are not missed.
        live.Hub.Subscribe(key, subscriber);
        subscriber.Request(key);
    }

    private async Task UnsubscribeAsync(LiveSubscription subscription, CancellationToken cancellationToken)
    {
        if (await FindAsync(subscription, cancellationToken) is not { } key) return;
        live.Hub.Unsubscribe(key, subscriber);
        subscriber.Unsubscribe(key);
        await output.SendAsync(LiveMessages.Unsubscribed(subscription), cancellationToken);
    }

    private async Task<LiveKey?> FindAsync(LiveSubscription subscription, CancellationToken cancellationToken)
    {
        if (subscription == LiveSubscription.Stats) return LiveKey.Stats;
        var (isFound, key) = await LiveLookup.FindAsync(live.Store, subscription, cancellationToken);
        if (isFound) return key;
        await ErrorAsync(
            subscription.Id is not { } id
                ? $"{subscription.IdField} is missing: it must be a text, the id of a {subscription.Word}."
                : Guid.TryParse(id, out _)
                    ? $"There is no {subscription.Word} {id}."
                    : $"{subscription.IdField} must be the id of a {subscription.Word}, a UUID, not '{Short(id)}'.",
            cancellationToken);
        return null;
    }

    private Task RecordAsync(JsonElement message, CancellationToken cancellationToken)
    {
        if (!message.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
            return ErrorAsync("data is missing: it must be an object as POST /api/interactions takes it.", cancellationToken);
        // This message does what a POST does over HTTP, so it needs the same role.
        if (gate.Caller?.Scope.Includes(ApiScope.Submit) != true)
            return ErrorAsync("Recording interactions needs an API key with the scope submit.", cancellationToken);
        return interactions is null
            ? ErrorAsync("This server does not record interactions.", cancellationToken)
            : LiveReadException.GuardAsync(interactions, session, data, cancellationToken);
    }

    /// <summary>Shortens a text that a client sent, for an error message.</summary>
    private static string Short(string text) =>
        text.Length <= 100 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[99]) ? 99 : 100), "…");
}
