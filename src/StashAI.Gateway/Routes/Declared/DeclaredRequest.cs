using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Reading;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Problems;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>The fields of a request besides its items.</summary>
internal sealed record DeclaredRequest
{
    /// <summary>Another instance of the service, as the client gave it; null for the configured one.</summary>
    public required string? Url { get; init; }

    /// <summary>The field of the URL.</summary>
    public required string UrlField { get; init; }

    public required string Name { get; init; }

    public required string? UserId { get; init; }

    public required string? SessionId { get; init; }

    /// <summary>The settings that every job may have.</summary>
    public required JobSettings Settings { get; init; }

    /// <summary><c>job_config</c>: the keys that the service declares, with defaults filled in.</summary>
    public required byte[] Config { get; init; }

    /// <summary>The ids of the items, where the request lists them apart (<c>config.item_ids</c>); null for no list.</summary>
    public required JsonElement? ItemIds { get; init; }

    /// <param name="entry">The service.</param>
    /// <param name="body">An object with <c>config</c>; undefined for none.</param>
    /// <param name="operation">The operation of the route.</param>
    /// <param name="isItem">True when the body is also the item, whose schema then checks its fields.</param>
    /// <param name="isLenient">True when values are texts, as in forms and queries.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="RequestException">A field is not valid.</exception>
    public static DeclaredRequest Read(
        ServiceEntry entry, ServiceOperation operation, JsonElement body, bool isItem, bool isLenient, DateTimeOffset now)
    {
        var given = body.ValueKind == JsonValueKind.Object ? body : (JsonElement?)null;
        var root = new JsonFields("", given);
        var settings = OfJob("config").Object("config");
        var config = new JsonFields("config", settings);
        var field = UrlFieldOf(entry);
        if (!isItem) root.RefuseUnknown([.. RootKeys, field]);
        foreach (var name in RouteType.Fields) RouteType.Check(OfJob(name), name, entry.Name, operation.Name);
        var url = SameValue.Text((OfJob(field), field), (OfJob("api_url"), "api_url"), (config, field), (config, "api_url"));
        return new DeclaredRequest
        {
            Url = url?.Text,
            UrlField = url?.Field ?? "api_url",
            Name = Text("job_name") ?? "",
            UserId = Text("user_id"),
            SessionId = Text("session_id"),
            Settings = JobSettings.Read(config, now),
            ItemIds = ListsIds(entry) ? config.Array(ItemNames.ListField) : null,
            Config = WriteConfig(entry, settings, field, isLenient),
        };

        string? Text(string name) => SameValue.Text((config, name), (OfJob(name), name))?.Text;

        JsonFields OfJob(string name) => isItem && operation.Item.Find(name) is not null ? new JsonFields("", null) : root;
    }

    /// <summary>True for the members of a body that do not belong to an item.</summary>
    public static bool IsRootField(ServiceEntry entry, string name) =>
        RootKeys.Contains(name) || name == UrlFieldOf(entry);

    private static readonly string[] RootKeys =
        [BodyShape.Items, BodyShape.Item, "config", "job_name", "user_id", "session_id", "api_url", .. RouteType.Fields];

    private static string UrlFieldOf(ServiceEntry entry) => $"{entry.Name.Replace('-', '_')}_api_url";

    private static byte[] WriteConfig(ServiceEntry entry, JsonElement? settings, string urlField, bool isLenient)
    {
        using var own = JsonDocument.Parse(OwnKeys(entry, settings, urlField));
        return CheckConfig(entry, own.RootElement, isLenient);
    }

    /// <summary>A configuration with keys that the service declares, defaults filled in; others are refused by name.</summary>
    public static byte[] CheckConfig(ServiceEntry entry, JsonElement config, bool isLenient = false)
    {
        var errors = new List<FieldError>();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            FieldCheck.Write(entry.Config, config, "config", isLenient, [], json, errors);
        }

        if (errors.Count == 0) return buffer.WrittenSpan.ToArray();
        throw new RequestException(Problem.Invalid($"{errors[0].Field} {errors[0].Reason}") with
        {
            Errors = [.. errors.Select(error => new ProblemError(error.Field, null, error.Reason))],
        });
    }

    /// <summary>True unless the list is a key of the service itself.</summary>
    private static bool ListsIds(ServiceEntry entry) => entry.Config.Find(ItemNames.ListField) is null;

    /// <summary>The configuration without the keys that every service has.</summary>
    private static ReadOnlyMemory<byte> OwnKeys(ServiceEntry entry, JsonElement? settings, string urlField)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (settings is { } given)
            {
                foreach (var property in given.EnumerateObject())
                {
                    if (!DeclarationReader.SharedConfig.Contains(property.Name) && property.Name != urlField && property.Name != "api_url"
                        && !(property.Name == ItemNames.ListField && ListsIds(entry)))
                    {
                        property.WriteTo(json);
                    }
                }
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
