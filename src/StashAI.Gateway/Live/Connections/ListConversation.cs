using System.Text.Json;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Reads;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Live.Connections;

/// <summary>Answers what one client sends about lists that it follows.</summary>
internal sealed class ListConversation(LiveServices live, LiveSubscriber subscriber, ILiveOutput output)
{
    private const int MaxName = 100;

    public async Task SubscribeAsync(JsonElement message, CancellationToken cancellationToken)
    {
        var name = NameOf(message);
        await FollowAsync(live.Lists.Jobs(FilterOf(message)), name, LiveSubscription.Jobs(name), cancellationToken);
    }

    public Task SubscribeServicesAsync(CancellationToken cancellationToken) =>
        FollowAsync(LiveFilter.Services, "", LiveSubscription.Services, cancellationToken);

    public async Task UnsubscribeAsync(JsonElement message, CancellationToken cancellationToken)
    {
        var name = NameOf(message);
        if (subscriber.RemoveList(isOfJobs: true, name) is { } list) live.Lists.Leave(list);
        await output.SendAsync(LiveMessages.Unsubscribed(LiveSubscription.Jobs(name)), cancellationToken);
    }

    public async Task UnsubscribeServicesAsync(CancellationToken cancellationToken)
    {
        if (subscriber.RemoveList(isOfJobs: false, "") is { } list) live.Lists.Leave(list);
        await output.SendAsync(LiveMessages.Unsubscribed(LiveSubscription.Services), cancellationToken);
    }

    private async Task FollowAsync(LiveFilter filter, string name, LiveSubscription subscription, CancellationToken cancellationToken)
    {
        if (!subscriber.TryAddList(filter, name, out var list, out var before))
        {
            throw new RequestException(Problem.Invalid(
                $"A socket can follow at most {live.Limits.MaxLists} lists; unsubscribe one, or replace it by using its name.", "name"));
        }

        if (before is not null) live.Lists.Leave(before);
        if (!live.Lists.HasRoom(filter))
        {
            subscriber.RemoveList(filter.Query is not null, name);
            throw new RequestException(Problem.Unavailable(
                $"Clients follow {live.Limits.MaxFilters} different lists already, which is the most; try again later."));
        }

        await output.SendAsync(LiveMessages.Subscribed(subscription), cancellationToken);
        live.Lists.Follow(list);
    }

    private static string NameOf(JsonElement message)
    {
        if (!message.TryGetProperty("name", out var value) || value.ValueKind == JsonValueKind.Null) return "";
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaxName } name
            ? name
            : throw RequestException.Invalid("name", $"must be a text of at most {MaxName} characters, your name for this list.");
    }

    private static JsonElement? FilterOf(JsonElement message)
    {
        if (!message.TryGetProperty("filter", out var filter) || filter.ValueKind == JsonValueKind.Null) return null;
        return filter.ValueKind == JsonValueKind.Object
            ? filter
            : throw RequestException.Invalid(
                "filter", "must be an object with the filters of GET /api/jobs, such as {\"state\":\"failed\"}.");
    }
}
