using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Webhooks;
using StashAI.Streams.Texts;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary>Reads a webhook from a body.</summary>
internal sealed class WebhookRequest(WebhookTargets targets)
{
    /// <summary>The name under which deliveries to addresses that jobs name are found.</summary>
    public const string JobAddresses = "jobs";

    private const int MaxName = 100;

    private const int MaxDescription = 1000;

    private static readonly string[] Changeable = ["name", "url", "description", "events", "is_enabled"];

    /// <summary>A new webhook.</summary>
    /// <exception cref="RequestException">A field is not valid.</exception>
    public async Task<Webhook> ReadAsync(JsonElement body, CancellationToken cancellationToken)
    {
        var fields = JsonFields.Root(body);
        fields.RefuseUnknown([.. Changeable, "secret"]);
        return new Webhook
        {
            Id = Guid.CreateVersion7(),
            Name = NameOf(fields) ?? throw RequestException.Missing("name", "name is missing: a unique name, such as ci."),
            Url = await UrlOfAsync(fields, cancellationToken)
                ?? throw RequestException.Missing("url", "url is missing: the address that events are posted to."),
            Description = DescriptionOf(fields),
            Events = EventsOf(fields) ?? WebhookTypes.All,
            Secret = fields.Text("secret") is { } secret ? WebhookSecrets.Parse(secret, "secret") : WebhookSecrets.New(),
            IsEnabled = fields.Flag("is_enabled") ?? true,
        };
    }

    /// <summary>A webhook with the changes of a body.</summary>
    /// <exception cref="RequestException">A field is not valid.</exception>
    public async Task<Webhook> ChangeAsync(Webhook webhook, JsonElement body, CancellationToken cancellationToken)
    {
        var fields = JsonFields.Root(body);
        if (body.TryGetProperty("secret", out _)) throw fields.Invalid("secret", "is changed by POST /api/webhooks/{id}/rotate.");
        fields.RefuseUnknown(Changeable);
        if (!body.EnumerateObject().Any())
            throw RequestException.Missing("body", $"The body names nothing to change: {Excerpt.List(Changeable)}.");
        foreach (var name in (ReadOnlySpan<string>)["name", "url", "events", "is_enabled"])
        {
            if (body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null)
                throw fields.Invalid(name, "must not be null; leave it out to keep it.");
        }

        var isEnabled = fields.Flag("is_enabled") ?? webhook.IsEnabled;
        return webhook with
        {
            Name = NameOf(fields) ?? webhook.Name,
            Url = await UrlOfAsync(fields, cancellationToken) ?? webhook.Url,
            Description = body.TryGetProperty("description", out _) ? DescriptionOf(fields) : webhook.Description,
            Events = EventsOf(fields) ?? webhook.Events,
            IsEnabled = isEnabled,
            DisabledReason = isEnabled ? null : webhook.DisabledReason,
        };
    }

    private async Task<string?> UrlOfAsync(JsonFields fields, CancellationToken cancellationToken) =>
        fields.Text("url") is { } url ? (await targets.CheckAsync(url, "url", cancellationToken)).AbsoluteUri : null;

    private static string? NameOf(JsonFields fields)
    {
        if (fields.Text("name") is not { } name) return null;
        if (name.Length == 0 || Characters.CountOf(name) > MaxName || name.Any(char.IsControl) || name != name.Trim()
            || name.Contains('/', StringComparison.Ordinal))
        {
            throw fields.Invalid("name", $"must have 1 to {MaxName} characters, on one line, without / and outer spaces.");
        }

        if (name == JobAddresses) throw fields.Invalid("name", "stands for the addresses that jobs name; choose another.");
        return Guid.TryParse(name, out _) ? throw fields.Invalid("name", "must not look like an id.") : name;
    }

    private static string? DescriptionOf(JsonFields fields) => fields.Text("description") switch
    {
        { } text when Characters.CountOf(text) > MaxDescription =>
            throw fields.Invalid("description", $"must have at most {MaxDescription} characters."),
        var text => text,
    };

    private static IReadOnlyList<string>? EventsOf(JsonFields fields)
    {
        if (fields.Array("events") is not { } list) return null;
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in list.EnumerateArray())
        {
            var type = one.ValueKind == JsonValueKind.String ? one.GetString()! : one.GetRawText();
            if (!WebhookTypes.All.Contains(type))
            {
                throw fields.Invalid(
                    "events",
                    $"'{Excerpt.Of(type)}' is not an event.{FieldCheck.Suggest(type, WebhookTypes.All)} "
                        + $"Events: {Excerpt.List(WebhookTypes.All)}.");
            }

            chosen.Add(type);
        }

        return [.. WebhookTypes.All.Where(chosen.Contains)];
    }
}
