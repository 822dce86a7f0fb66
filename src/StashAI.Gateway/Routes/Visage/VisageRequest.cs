using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Sdk;

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
    private const string UrlName = "visage_api_url";
    private const string MoreField = "additional_params";

    /// <summary>The longest id in a name; ids of libraries are short.</summary>
    private const int MaxNamedId = 100;

    /// <summary>The entity of the photos, which may be in the body, <c>image_data</c>, <c>config</c> or <c>additional_params</c>.</summary>
    private static readonly string[] EntityKeys =
    [
        "entity_type", "entity_id", "entity_ids", "item_ids", "image_id", "scene_id", "gallery_id", "stash_image_id", "stash_scene_id",
        "stash_gallery_id", "stash_image_title", "image_title",
    ];

    /// <summary>Sent by existing clients with any content, for their own use; nothing reads or stores it.</summary>
    private static readonly string[] FreeKeys = ["metadata", "image_metadata"];

    private static readonly string[] RootKeys =
    [
        UrlName, "threshold", "config", "user_id", "session_id", MoreField, "batch_context", .. RouteType.Fields,
        .. EntityKeys, .. FreeKeys,
    ];

    private static readonly string[] ConfigKeys =
    [
        .. JobSettings.Keys, "threshold", "face_threshold", UrlName, "service_config", MoreField, "model_type",
        "return_face_locations", "source", "batch_context", MaxFacesField, .. EntityKeys, .. FreeKeys,
    ];

    private static readonly string[] VideoKeys = [.. VideoItems.Settings.Select(setting => setting.Key)];

    private static readonly string[] ServiceKeys = ["api_endpoint", MaxFacesField, "return_embeddings", "detection_mode"];

    private static readonly string[] ImageKeys = ["image_base64", .. EntityKeys, .. FreeKeys];

    /// <summary>The Visage address of the request; null for the configured service.</summary>
    public required string? Url { get; init; }

    /// <summary>The field of the address.</summary>
    public required string UrlField { get; init; }

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

    /// <summary>The ids of the items and the list's name, where the request lists them apart; null for no list.</summary>
    public required (JsonElement Ids, string Field)? ItemIds { get; init; }

    /// <summary><c>job_config</c>: the fields for the adapter, and those that are returned to the client.</summary>
    public required byte[] Config { get; init; }

    /// <param name="body">The body without its photos.</param>
    /// <param name="operation">The operation of the route.</param>
    /// <param name="members">The members of the body that hold its items.</param>
    /// <param name="count">The number of items.</param>
    /// <param name="arePhotos">True when each item is a photo.</param>
    /// <param name="now">The time.</param>
    /// <param name="writeExtraFields">Adds fields to the configuration.</param>
    public static VisageRequest Read(
        JsonElement body, AdapterOperation operation, IReadOnlyList<string> members, int count, bool arePhotos, DateTimeOffset now,
        Action<Utf8JsonWriter>? writeExtraFields = null)
    {
        if (body.ValueKind != JsonValueKind.Object) throw RequestException.Missing("body", "The body must be a JSON object.");
        var config = new JsonFields("config", Object(body, "config"));
        var root = new JsonFields("", body);
        var service = new JsonFields("config.service_config", config.Object("service_config"));
        var image = new JsonFields("image_data", Object(body, "image_data", lenient: true));
        var more = new JsonFields(
            config.Has(MoreField) ? $"config.{MoreField}" : MoreField, SameValue.Object((config, MoreField), (root, MoreField)));
        var isGeneralized = image.Exists;
        root.RefuseUnknown([.. members, .. RootKeys]);
        // Generated clients send null for all that they leave out.
        config.RefuseUnknown([.. ConfigKeys, .. VideoKeys.Where(key => operation == VisageAdapter.Video || !config.Has(key))]);
        service.RefuseUnknown(ServiceKeys);
        image.RefuseUnknown(ImageKeys);
        RouteType.Check(root, VisageAdapter.Name, operation.Name);
        // These two are stored and shown, and their types are known.
        _ = service.Flag("return_embeddings");
        _ = service.Text("detection_mode");
        var url = SameValue.Text((root, UrlName), (config, UrlName), (service, "api_endpoint"));
        var threshold = config.Number("face_threshold", 0, 1) ?? config.Number("threshold", 0, 1) ?? root.Number("threshold", 0, 1)
            ?? (isGeneralized ? GeneralizedThreshold : DefaultThreshold);
        var request = new VisageRequest
        {
            Url = url?.Text,
            UrlField = url?.Field ?? UrlName,
            Threshold = threshold,
            Name = config.Text("job_name") ?? "",
            NameOfOne = EntityName([more, image, config, root]),
            UserId = SameValue.Text((config, "user_id"), (root, "user_id"), (more, "user_id"))?.Text,
            SessionId = SameValue.Text((config, "session_id"), (root, "session_id"), (more, "session_id"))?.Text,
            Settings = JobSettings.Read(config, now),
            MaxFaces = SameValue.Integer(1, 1000, (more, MaxFacesField), (service, MaxFacesField), (config, MaxFacesField)),
            ItemIds = List([more, image, config, root], ItemNames.ListField, count),
            Config = [],
        };
        return request with { Config = WriteConfig(request, count, arePhotos, root, config, service, image, more, writeExtraFields) };
    }

    private static JsonElement? Object(JsonElement parent, string name, bool lenient = false)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Object) return value;
        return lenient ? null : throw RequestException.Invalid(name, "must be an object.");
    }

    private static byte[] WriteConfig(
        VisageRequest request, int count, bool arePhotos, JsonFields root, JsonFields config, JsonFields service, JsonFields image,
        JsonFields more, Action<Utf8JsonWriter>? writeExtraFields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("threshold", request.Threshold);
            json.WriteString(UrlName, request.Url);
            if (arePhotos) json.WriteNumber("image_count", count);
            writeExtraFields?.Invoke(json);
            WriteVideoSettings(json, config);
            json.WriteString("model_type", config.Text("model_type") ?? DefaultModel);
            json.WriteBoolean("return_face_locations", config.Flag("return_face_locations") ?? true);
            WriteText(json, "source", config.Text("source"));
            request.Settings.Write(json);
            WriteEntity(json, [more, image, config, root], count);
            json.WriteStartObject("additional_params");
            if (request.MaxFaces is { } faces) json.WriteNumber(MaxFacesField, faces);
            // Looking up each name in the other object would search it every time.
            var given = more.Others()
                .Where(property => property.Value.ValueKind != JsonValueKind.Null).Select(property => property.Name).ToHashSet();
            foreach (var property in service.Others("api_endpoint", MaxFacesField))
            {
                if (!given.Contains(property.Name)) property.WriteTo(json);
            }

            foreach (var property in more.Others(MaxFacesField, ItemNames.ListField)) property.WriteTo(json);

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes what only jobs of videos may have.</summary>
    private static void WriteVideoSettings(Utf8JsonWriter json, JsonFields config)
    {
        if (config.Number(VideoItems.FramesPerMinute, 0, VideoItems.MostFramesPerMinute) is { } frames)
            json.WriteNumber(VideoItems.FramesPerMinute, frames);
        if (config.Integer(VideoItems.MaxFrames, 1, VideoItems.MostFrames) is { } most) json.WriteNumber(VideoItems.MaxFrames, most);
        if (config.Text(VideoItems.Detail) is not { } detail) return;
        if (!VideoItems.Details.Contains(detail))
            throw config.Invalid(VideoItems.Detail, $"must be one of {string.Join(", ", VideoItems.Details)}.");
        json.WriteString(VideoItems.Detail, detail);
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

    /// <summary>The value of a field that has several names and may be in several places.</summary>
    private static string? Text(JsonFields[] places, params string[] names) =>
        SameValue.Text([.. names.SelectMany(name => places.Select(place => (place, name)))])?.Text;

    private static string EntityName(JsonFields[] places)
    {
        var entity = Entity(places);
        if (entity.Id is not { Length: > 0 and <= MaxNamedId } id) return "Face Analysis: Single Analysis";
        var type = entity.Type is { Length: > 0 and <= MaxNamedId } word ? char.ToUpperInvariant(word[0]) + word[1..] : "Image";
        return $"Face Analysis: {type} | {id}";
    }

    /// <summary>Writes the fields by which the client finds the entity of a result.</summary>
    private static void WriteEntity(Utf8JsonWriter json, JsonFields[] places, int count)
    {
        var (type, id, imageId, sceneId, galleryId) = Entity(places);
        WriteText(json, "entity_type", type);
        WriteText(json, "entity_id", id);
        WriteText(json, "image_id", imageId);
        WriteText(json, "scene_id", sceneId);
        WriteText(json, "gallery_id", galleryId);
        WriteText(json, "image_title", Text(places, "stash_image_title", "image_title"));
        if (List(places, SharedInput.EntityIds, count) is not { } list) return;
        json.WritePropertyName(SharedInput.EntityIds);
        list.Ids.WriteTo(json);
    }

    /// <summary>A list with a value for each item, which may be in several places.</summary>
    private static (JsonElement Ids, string Field)? List(JsonFields[] places, string name, int count)
    {
        if (SameValue.Array([.. places.Select(place => (place, name))]) is not { } list) return null;
        var field = places.First(place => place.Has(name)).NameOf(name);
        ItemIdList.CheckLength(list, field, count);
        return (list, field);
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
