using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`webhooks`: who is told when jobs and batches end, and the log of what was sent.</summary>
internal static class WebhookCommands
{
    private const int ShownDeliveries = 20;

    public static Command Create(RemoteGroup group)
    {
        var webhooks = new Command("webhooks", "List, add, change, remove or test webhooks, and replay what they were sent.");
        webhooks.Subcommands.Add(group.Create(
            "list", "List the webhooks: addresses that are told when jobs and batches end.", ListAsync, [],
            "stashai webhooks list", "stashai webhooks list --json=name,url,events,is_enabled"));
        webhooks.Subcommands.Add(Add(group));
        webhooks.Subcommands.Add(Verb(group, "remove", "Remove a webhook; what waits for it is not sent.", RemoveAsync));
        webhooks.Subcommands.Add(Verb(
            group, "enable", "Let a webhook get events again.", (call, name, stop) => EnableAsync(call, name, isEnabled: true, stop)));
        webhooks.Subcommands.Add(Verb(
            group, "disable", "Let a webhook get no more events.", (call, name, stop) => EnableAsync(call, name, isEnabled: false, stop)));
        webhooks.Subcommands.Add(Verb(
            group, "rotate", "Give a webhook a new secret; the old one signs too for a day.",
            async (call, name, stop) => await WriteAsync(call, await call.Client.RotateWebhookSecretAsync(name, null, stop))));
        webhooks.Subcommands.Add(Verb(
            group, "test", "Send a webhook an event webhook.test.",
            async (call, name, stop) => await WriteAsync(call, name, await call.Client.TestWebhookAsync(name, stop))));
        webhooks.Subcommands.Add(Deliveries(group));
        webhooks.Subcommands.Add(Replay(group));
        return webhooks;
    }

    private static Argument<string> Webhook() => new("WEBHOOK") { Description = "The name of the webhook, or its id." };

    private static Argument<string> WebhookOrJobs() =>
        new("WEBHOOK") { Description = "The name of the webhook, or its id; 'jobs' for the addresses that jobs name." };

    private static Command Add(RemoteGroup group)
    {
        var name = new Argument<string>("NAME") { Description = "A unique name." };
        var url = new Argument<string>("URL") { Description = "The http or https address that events are posted to." };
        var events = new Option<string[]>("--event")
        {
            HelpName = "EVENT",
            Description = "Only this event, such as job.failed; may come several times. 'none' is for jobs that name it.",
            AllowMultipleArgumentsPerToken = false,
        };
        var description = new Option<string?>("--description") { HelpName = "TEXT", Description = "A description for people." };
        return group.Create(
            "add", "Add a webhook, and print its secret, which is shown only now.",
            async (call, cancellationToken) =>
            {
                var chosen = call.Value(events) ?? [];
                var created = await call.Client.CreateWebhookAsync(
                    new NewWebhook
                    {
                        Name = call.Value(name)!,
                        Url = call.Value(url)!,
                        Description = call.Value(description),
                        Events = chosen.Length == 0 ? null : chosen is ["none"] ? [] : chosen,
                    },
                    cancellationToken);
                await WriteAsync(call, created);
                return ExitCodes.Success;
            },
            [name, url, events, description],
            "stashai webhooks add ci https://ci.example.org/hooks/stashai",
            "stashai webhooks add alarms https://alarms.example.org/ --event job.failed --event batch.failed");
    }

    private static Command Verb(
        RemoteGroup group, string name, string description, Func<RemoteCall, string, CancellationToken, Task> act)
    {
        var webhook = Webhook();
        return group.Create(
            name, description,
            async (call, cancellationToken) =>
            {
                await act(call, call.Value(webhook)!, cancellationToken);
                return ExitCodes.Success;
            },
            [webhook],
            $"stashai webhooks {name} ci", $"stashai webhooks {name} ci --json");
    }

    private static Command Deliveries(RemoteGroup group)
    {
        var webhook = WebhookOrJobs();
        var limit = new Option<int>("--limit")
        {
            HelpName = "N",
            Description = "The most deliveries to show.",
            DefaultValueFactory = _ => ShownDeliveries,
        };
        return group.Create(
            "deliveries", "List what a webhook was sent, newest first.",
            async (call, cancellationToken) =>
            {
                var table = new TextTable("DELIVERY", "EVENT", "JOB", "STATE", "TRIES", "STATUS", "NEXT", "ERROR");
                var all = call.Client.WebhookDeliveriesAsync(call.Value(webhook)!, cancellationToken);
                await foreach (var delivery in all.Take(call.Value(limit)))
                {
                    if (call.Json is { } json)
                    {
                        await json.WriteAsync(call.Output, delivery);
                        continue;
                    }

                    table.Add(
                        delivery.Id.ToString(), delivery.Event, delivery.JobId?.ToString(), Words.Of(delivery.State),
                        delivery.Attempts.ToString(CultureInfo.InvariantCulture),
                        delivery.Status?.ToString(CultureInfo.InvariantCulture), Words.At(delivery.NextAttemptAt), delivery.Error);
                }

                if (call.Json is not null) return ExitCodes.Success;
                if (table.Count == 0) await call.SayAsync("No delivery.");
                else await table.WriteAsync(call.Output);
                return ExitCodes.Success;
            },
            [webhook, limit],
            "stashai webhooks deliveries ci", "stashai webhooks deliveries jobs --limit 100 --json=event,state,status,error");
    }

    private static Command Replay(RemoteGroup group)
    {
        var webhook = WebhookOrJobs();
        var delivery = new Argument<Guid>("DELIVERY") { Description = "The id of the delivery; 'webhooks deliveries' shows it." };
        return group.Create(
            "replay", "Send an event again, with the same id.",
            async (call, cancellationToken) =>
            {
                var name = call.Value(webhook)!;
                await WriteAsync(
                    call, name, await call.Client.ReplayWebhookDeliveryAsync(name, call.Value(delivery), cancellationToken));
                return ExitCodes.Success;
            },
            [webhook, delivery],
            "stashai webhooks replay ci 0199f0a2-7d1c-7c4e-9b1d-2a6f41000017",
            "stashai webhooks replay jobs 0199f0a2-7d1c-7c4e-9b1d-2a6f41000017 --json");
    }

    private static async Task<int> ListAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var table = new TextTable("WEBHOOK", "URL", "EVENTS", "STATE");
        await foreach (var webhook in call.Client.WebhooksAsync(cancellationToken))
        {
            if (call.Json is { } json) await json.WriteAsync(call.Output, webhook);
            else table.Add(webhook.Name, webhook.Url, EventsOf(webhook), StateOf(webhook));
        }

        if (call.Json is not null) return ExitCodes.Success;
        if (table.Count == 0) await call.SayAsync("No webhook.");
        else await table.WriteAsync(call.Output);
        return ExitCodes.Success;
    }

    private static async Task RemoveAsync(RemoteCall call, string name, CancellationToken cancellationToken)
    {
        var webhook = await call.Client.WebhookAsync(name, cancellationToken);
        await call.Client.DeleteWebhookAsync(webhook.Id.ToString(), cancellationToken);
        // The server answers without a body.
        if (call.Json is { } json)
            await json.WriteAsync(call.Output, new JsonObject { ["id"] = webhook.Id.ToString(), ["deleted"] = true });
        else await call.Output.WriteLineAsync($"{webhook.Name}: The webhook is removed.");
    }

    private static async Task EnableAsync(RemoteCall call, string name, bool isEnabled, CancellationToken cancellationToken) =>
        await WriteAsync(
            call, await call.Client.ChangeWebhookAsync(name, new WebhookChange { IsEnabled = isEnabled }, cancellationToken));

    private static async Task WriteAsync(RemoteCall call, Webhook webhook)
    {
        if (call.Json is { } json)
        {
            await json.WriteAsync(call.Output, webhook);
            return;
        }

        var lines = new Details(call.Output);
        await lines.AddAsync("webhook", webhook.Id.ToString());
        await lines.AddAsync("name", webhook.Name);
        await lines.AddAsync("url", webhook.Url);
        await lines.AddAsync("events", EventsOf(webhook));
        await lines.AddAsync("description", webhook.Description);
        await lines.AddAsync("state", StateOf(webhook));
        await lines.AddAsync("secret", webhook.Secret);
        if (webhook.Secret is not null) await call.SayAsync("Keep the secret now: it is not shown again.");
    }

    private static async Task WriteAsync(RemoteCall call, string name, WebhookDelivery delivery)
    {
        if (call.Json is { } json)
        {
            await json.WriteAsync(call.Output, delivery);
            return;
        }

        await call.Output.WriteLineAsync($"{delivery.Id}: {delivery.Event} is sent.");
        await call.SayAsync($"'stashai webhooks deliveries {name}' shows what becomes of it.");
    }

    private static string EventsOf(Webhook webhook) =>
        webhook.Events.Count > 0 ? string.Join(", ", webhook.Events) : "of jobs that name it";

    private static string StateOf(Webhook webhook) =>
        webhook.IsEnabled ? "enabled" : webhook.DisabledReason is { } reason ? $"disabled: {reason}" : "disabled";
}
