using System.Globalization;
using System.Text.Json.Nodes;
using StashAI.Gateway.Submit;
using StashAI.Queue.Model.Webhooks;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary>Which webhooks are told what of an end. The data of an event are ids and counts: nothing of an item.</summary>
internal static class WebhookFanOut
{
    /// <summary>The deliveries of an end.</summary>
    /// <param name="ended">What ended.</param>
    /// <param name="webhooks">All webhooks.</param>
    public static IReadOnlyList<NewDelivery> Of(EndedWork ended, IReadOnlyList<Webhook> webhooks)
    {
        var made = new List<NewDelivery>();
        foreach (var (type, data) in EventsOf(ended))
        {
            var one = new NewDelivery
            {
                Id = Guid.Empty,
                WebhookKey = 0,
                Lane = "",
                EventId = Guid.CreateVersion7(ended.EndedAt),
                Type = type,
                JobId = ended.JobId,
                Data = data,
                HappenedAt = ended.EndedAt,
            };
            foreach (var webhook in webhooks.Where(webhook => webhook.IsEnabled))
            {
                var isNamed = ended.Webhook == webhook.Id.ToString("N");
                // Calls of single items have no place in lists of jobs either.
                if (isNamed || (!ended.IsSingleTask && webhook.Events.Contains(type))) made.Add(For(webhook, one));
            }

            if (ended.Webhook is { } url && WebhookTargets.IsAddress(url))
            {
                made.Add(one with
                {
                    Id = Guid.CreateVersion7(ended.EndedAt),
                    Url = url,
                    Owner = ended.Owner,
                    Lane = new Uri(url).Authority,
                });
            }
        }

        return made;
    }

    /// <summary>An event that only asks whether the receiver is there.</summary>
    public static NewDelivery Test(Webhook webhook, DateTimeOffset now) => For(
        webhook,
        new NewDelivery
        {
            Id = Guid.Empty,
            WebhookKey = webhook.Key,
            Lane = "",
            EventId = Guid.CreateVersion7(now),
            Type = WebhookTypes.Test,
            Data = new JsonObject { ["id"] = webhook.Id.ToString() }.ToJsonString(),
            HappenedAt = now,
        });

    private static NewDelivery For(Webhook webhook, NewDelivery one) => one with
    {
        Id = Guid.CreateVersion7(one.HappenedAt),
        WebhookKey = webhook.Key,
        Lane = webhook.Key.ToString(CultureInfo.InvariantCulture),
    };

    private static IEnumerable<(string Type, string Data)> EventsOf(EndedWork ended)
    {
        if (ended.JobId is { } job)
        {
            yield return (WebhookTypes.OfJob(ended.State), new JsonObject
            {
                ["id"] = job.ToString(),
                ["service"] = ended.Service,
                ["total"] = ended.Total,
                ["completed"] = ended.Completed,
                ["failed"] = ended.Failed,
                ["cancelled"] = ended.Cancelled,
            }.ToJsonString());
        }

        // The id is that of /v1/batches.
        if (ended.BatchId is { } batch)
            yield return (WebhookTypes.OfBatch(ended), new JsonObject { ["id"] = $"batch_{batch:N}" }.ToJsonString());
    }
}
