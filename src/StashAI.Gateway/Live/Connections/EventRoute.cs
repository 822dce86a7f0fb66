using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Reads;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Live.Connections;

/// <summary><c>GET /api/events</c>: the messages of the WebSocket as server-sent events, for what the query names.</summary>
internal static class EventRoute
{
    public static async Task RunAsync(HttpContext context, LiveServices live)
    {
        var query = context.Request.Query;
        var dialect = DialectWords.Of(context, Dialect.Default);
        var keys = new List<LiveKey>();
        foreach (var id in Ids(query[LiveDocs.JobId.Name]))
        {
            keys.Add(await FindAsync(live, LiveSubscription.Job(id), context.RequestAborted));
        }

        foreach (var id in Ids(query[LiveDocs.TaskId.Name]))
        {
            keys.Add(await FindAsync(live, LiveSubscription.Task(id), context.RequestAborted));
        }

        if (query.Flag(LiveDocs.Stats, false)) keys.Add(LiveKey.Stats);
        var lists = new List<LiveFilter>();
        if (query.Text(LiveDocs.Jobs) is { } filter && QueryValues.FlagOrNull(filter) != false)
        {
            lists.Add(live.Lists.Jobs(FilterOf(filter)));
        }

        if (query.Flag(LiveDocs.Services, false)) lists.Add(LiveFilter.Services);
        if (!lists.TrueForAll(live.Lists.HasRoom))
            throw new RequestException(Problem.Unavailable("Too many different lists are followed; try again later."));
        var gate = new LiveGate(context, live);
        var hearsInteractions = query.Flag(LiveDocs.Interactions, false);
        if (hearsInteractions && gate.Caller is not { HearsAll: true })
            throw new RequestException(Problem.Forbidden("Only callers with an API key may follow the interactions of all sessions."));
        if (keys.Count + lists.Count == 0 && !hearsInteractions)
        {
            throw RequestException.Missing(
                "job_id", "Name what to follow: ?job_id=, ?task_id=, ?jobs=true, ?services=true, ?queue_stats=true or ?interactions=true.");
        }

        var shown = await PictureLinks.ForAsync(context);
        LiveRoutes.Enter(live);
        try
        {
            await using var stream = new EventStream(context, live, new LiveMessages(context.Request, dialect, shown), gate);
            await stream.RunAsync(keys, lists, hearsInteractions);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            LiveLog.StreamClosed(live.Logger, exception.Message);
        }
        finally
        {
            live.Leave();
        }
    }

    /// <summary>The filter of a query string as the socket takes it; null for a plain yes, which means all jobs.</summary>
    private static JsonElement? FilterOf(string text)
    {
        if (QueryValues.FlagOrNull(text) == true) return null;
        var members = QueryHelpers.ParseQuery(text).ToDictionary(one => one.Key, one => one.Value.ToString());
        return JsonSerializer.SerializeToElement(members);
    }

    /// <summary>Ids may be repeated, or separated by commas.</summary>
    private static IEnumerable<string> Ids(StringValues values) =>
        values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static async Task<LiveKey> FindAsync(LiveServices live, LiveSubscription subscription, CancellationToken cancellationToken)
    {
        var (isFound, key) = await LiveLookup.FindAsync(live.Store, subscription, cancellationToken);
        return isFound ? key : throw RequestException.NotFound($"There is no {subscription.Word} {subscription.Id}.");
    }
}
