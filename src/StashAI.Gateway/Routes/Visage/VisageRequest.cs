using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>
/// The fields of a Visage request besides its photos, in any of the known formats: the documented one, the plugin's generalized one
/// (<c>image_data</c> is an object) and the plugin's flat one (<c>image_data</c> is a string).
/// </summary>
internal sealed record VisageRequest
{
    private const double DefaultThreshold = 0.5;
    private const double GeneralizedThreshold = 0.7;
    private const string DefaultModel = "arc";
    private const string MaxFacesField = "max_faces";

    /// <summary>The longest id in a name; ids of libraries are short.</summary>
    private const int MaxNamedId = 100;

    /// <summary>The entity of the photos, which may be in the body, <c>image_data</c>, <c>config</c> or <c>additional_params</c>.</summary>
    private static readonly string[] EntityKeys =
    [
        "entity_type", "entity_id", "entity_ids", "image_id", "scene_id", "gallery_id", "stash_image_id", "stash_scene_id",
        "stash_gallery_id", "stash_image_title", "image_title",
    ];

    /// <summary>Stored for the client, with any content.</summary>
    private static readonly string[] FreeKeys = ["metadata", "image_metadata"];

    private static readonly string[] RootKeys =
    [
        "visage_api_url", "threshold", "config", "user_id", "session_id", "additional_params", "service_type", "type", "batch_context",
        .. EntityKeys, .. FreeKeys,
    ];

    private static readonly string[] ConfigKeys =
    [
        .. JobSettings.Keys, "threshold", "face_threshold", "visage_api_url", "service_config", "additional_params", "model_type",
        "return_face_locations", "source", "batch_context", .. EntityKeys, .. FreeKeys,
    ];

    private static readonly string[] ServiceKeys = ["api_endpoint", MaxFacesField, "return_embeddings", "detection_mode"];

    private static readonly string[] ImageKeys = ["image_base64", .. EntityKeys, .. FreeKeys];

    /// <summary>The Visage address of the request; null for the configured service.</summary>
    public required string? Url { get; init; }

    /// <summary>The least confidence of a match, 0 to 1 (C-07).</summary>
    public required double Threshold { get; init; }

    /// <summary>The job's name; may be empty.</summary>
    public required string Name { get; init; }

    /// <summary>The default name of a job for one photo, as in the original server: <c>Face Analysis: Image | 42</c>.</summary>
    public required string NameOfOne { get; init; }

    public required string? UserId { get; init; }

    public required string? SessionId { get; init; }

    /// <summary>The settings that every job may have.</summary>
    public required JobSettings Settings { get; init; }

    /// <summary>The most faces per photo; null for the service's default.</summary>
    public required int? MaxFaces { get; init; }

    /// <summary><c>job_config</c>: the fields for the adapter, and those that are returned to the client.</summary>
    public required byte[] Config { get; init; }

    /// <param name="body">The body without its photos.</param>
    /// <param name="members">The members of the body that hold its items.</param>
    /// <param name="photos">The number of photos; null when the job does not have single photos.</param>
    /// <param name="now">The time.</param>
    /// <param name="writeExtraFields">Adds fields to the configuration.</param>
    public static VisageRequest Read(
        JsonElement body, IReadOnlyList<string> members, int? photos, DateTimeOffset now, Action<Utf8JsonWriter>? writeExtraFields = null)
    {
        if (body.ValueKind != JsonValueKind.Object) throw RequestException.Missing("body", "The body must be a JSON object.");
        var config = new JsonFields("config", Object(body, "config"));
        var root = new JsonFields("", body);
        var service = new JsonFields("config.service_config", config.Object("service_config"));
        var image = new JsonFields("image_data", Object(body, "image_data", lenient: true));
        var more = new JsonFields("additional_params", config.Object("additional_params") ?? root.Object("additional_params"));
        var isGeneralized = image.Exists;
        root.RefuseUnknown([.. members, .. RootKeys]);
        config.RefuseUnknown(ConfigKeys);
        service.RefuseUnknown(ServiceKeys);
        image.RefuseUnknown(ImageKeys);
        if (root.Text("service_type") is { } asked && asked != VisageAdapter.Name)
        {
            throw root.Invalid("service_type", $"must be {VisageAdapter.Name} on this route.");
        }

        var url = root.Text("visage_api_url") ?? config.Text("visage_api_url") ?? service.Text("api_endpoint");
        var threshold = config.Number("face_threshold", 0, 1) ?? config.Number("threshold", 0, 1) ?? root.Number("threshold", 0, 1)
            ?? (isGeneralized ? GeneralizedThreshold : DefaultThreshold);
        var request = new VisageRequest
        {
            Url = url,
            Threshold = threshold,
            Name = config.Text("job_name") ?? "",
            NameOfOne = EntityName([more, image, config, root]),
            UserId = config.Text("user_id") ?? root.Text("user_id") ?? more.Text("user_id"),
            SessionId = config.Text("session_id") ?? root.Text("session_id") ?? more.Text("session_id"),
            Settings = JobSettings.Read(config, now),
            MaxFaces = more.Integer(MaxFacesField, 1, 1000) ?? service.Integer(MaxFacesField, 1, 1000),
            Config = [],
        };
        return request with { Config = WriteConfig(request, photos, root, config, service, image, more, writeExtraFields) };
    }

    private static JsonElement? Object(JsonElement parent, string name, bool lenient = false)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Object) return value;
        return lenient ? null : throw RequestException.Invalid(name, "must be an object.");
    }

    private static byte[] WriteConfig(
        VisageRequest request, int? photos, JsonFields root, JsonFields config, JsonFields service, JsonFields image, JsonFields more,
        Action<Utf8JsonWriter>? writeExtraFields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("threshold", request.Threshold);
            json.WriteString("visage_api_url", request.Url);
            if (photos is { } count) json.WriteNumber("image_count", count);
            writeExtraFields?.Invoke(json);
            json.WriteString("model_type", config.Text("model_type") ?? DefaultModel);
            json.WriteBoolean("return_face_locations", config.Flag("return_face_locations") ?? true);
            WriteText(json, "source", config.Text("source"));
            request.Settings.Write(json);
            WriteEntity(json, [more, image, config, root]);
            json.WriteStartObject("additional_params");
            if (request.MaxFaces is { } faces) json.WriteNumber(MaxFacesField, faces);
            // Looking up each name in the other object would search it every time.
            var given = more.Others()
                .Where(property => property.Value.ValueKind != JsonValueKind.Null).Select(property => property.Name).ToHashSet();
            foreach (var property in service.Others("api_endpoint", MaxFacesField))
            {
                if (!given.Contains(property.Name)) property.WriteTo(json);
            }

            foreach (var property in more.Others(MaxFacesField)) property.WriteTo(json);

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The entity of the photos in the client's library.</summary>
    private static (string? Type, string? Id, string? ImageId, string? SceneId, string? GalleryId) Entity(JsonFields[] places)
    {
        var imageId = Text(places, "stash_image_id", "image_id");
        var sceneId = Text(places, "stash_scene_id", "scene_id");
        var galleryId = Text(places, "stash_gallery_id", "gallery_id");
        var type = Text(places, "entity_type")
            ?? (imageId is not null ? "image" : sceneId is not null ? "scene" : galleryId is not null ? "gallery" : null);
        var ofType = type == "scene" ? sceneId : type == "gallery" ? galleryId : null;
        return (type, Text(places, "entity_id") ?? ofType ?? imageId ?? sceneId ?? galleryId, imageId, sceneId, galleryId);
    }

    /// <summary>The first of these fields in the first place that has one.</summary>
    private static string? Text(JsonFields[] places, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            foreach (var place in places)
            {
                if (place.Text(name) is { } text) return text;
            }
        }

        return null;
    }

    private static string EntityName(JsonFields[] places)
    {
        var entity = Entity(places);
        if (entity.Id is not { Length: > 0 and <= MaxNamedId } id) return "Face Analysis: Single Analysis";
        var type = entity.Type is { Length: > 0 and <= MaxNamedId } word ? char.ToUpperInvariant(word[0]) + word[1..] : "Image";
        return $"Face Analysis: {type} | {id}";
    }

    /// <summary>Writes the fields by which the client finds the entity of a result.</summary>
    private static void WriteEntity(Utf8JsonWriter json, JsonFields[] places)
    {
        var (type, id, imageId, sceneId, galleryId) = Entity(places);
        WriteText(json, "entity_type", type);
        WriteText(json, "entity_id", id);
        WriteText(json, "image_id", imageId);
        WriteText(json, "scene_id", sceneId);
        WriteText(json, "gallery_id", galleryId);
        WriteText(json, "image_title", Text(places, "stash_image_title", "image_title"));
        foreach (var place in places)
        {
            if (place.Array("entity_ids") is not { } ids) continue;
            json.WritePropertyName("entity_ids");
            ids.WriteTo(json);
            break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
