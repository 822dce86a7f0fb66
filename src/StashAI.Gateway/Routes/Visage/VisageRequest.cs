using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>
/// What a Visage request asks for beside its photos, in whichever of the known body formats it came: the documented one, the
/// plugin's generalized one (`image_data` an object) and the plugin's flat one (`image_data` a string).
/// </summary>
internal sealed record VisageRequest
{
    private const double DefaultThreshold = 0.5;
    private const double GeneralizedThreshold = 0.7;
    private const string DefaultModel = "arc";
    private const string MaxFacesField = "max_faces";

    /// <summary>Ids of libraries are short; what is longer is no part of a name.</summary>
    private const int MaxNamedId = 100;

    /// <summary>The Visage address as the client gave it; null for the configured service.</summary>
    public required string? Url { get; init; }

    /// <summary>The least confidence of a match, 0 to 1 (C-07).</summary>
    public required double Threshold { get; init; }

    /// <summary>The job's name; may be empty.</summary>
    public required string Name { get; init; }

    /// <summary>The name of a job for one photo that was given none, in the words of the origin's server: `Face Analysis: Image | 42`.</summary>
    public required string NameOfOne { get; init; }

    public required string? UserId { get; init; }

    public required string? SessionId { get; init; }

    /// <summary>What any job may ask for.</summary>
    public required JobSettings Settings { get; init; }

    /// <summary>The most faces of a photo to look at; null leaves it to the service.</summary>
    public required int? MaxFaces { get; init; }

    /// <summary>`job_config`: what the adapter needs and what a client is shown again.</summary>
    public required byte[] Config { get; init; }

    /// <param name="body">The body without its photos.</param>
    /// <param name="photos">How many there are; null where a job is not about single photos.</param>
    /// <param name="now">The time.</param>
    /// <param name="writeMore">Adds fields to the configuration.</param>
    public static VisageRequest Read(JsonElement body, int? photos, DateTimeOffset now, Action<Utf8JsonWriter>? writeMore = null)
    {
        if (body.ValueKind != JsonValueKind.Object) throw RequestException.Missing("body", "The body must be a JSON object.");
        var config = new JsonFields("config", Object(body, "config"));
        var root = new JsonFields("", body);
        var service = new JsonFields("config.service_config", config.Object("service_config"));
        var image = new JsonFields("image_data", Object(body, "image_data", lenient: true));
        var more = new JsonFields("additional_params", config.Object("additional_params") ?? root.Object("additional_params"));
        var isGeneralized = image.Exists;

        var url = root.Text("visage_api_url") ?? config.Text("visage_api_url") ?? service.Text("api_endpoint");
        var threshold = config.Number("face_threshold", 0, 1) ?? config.Number("threshold", 0, 1) ?? root.Number("threshold", 0, 1)
            ?? (isGeneralized ? GeneralizedThreshold : DefaultThreshold);
        var request = new VisageRequest
        {
            Url = url,
            Threshold = threshold,
            Name = config.Text("job_name") ?? "",
            NameOfOne = EntityName(root, image, more),
            UserId = config.Text("user_id") ?? root.Text("user_id") ?? more.Text("user_id"),
            SessionId = config.Text("session_id") ?? root.Text("session_id") ?? more.Text("session_id"),
            Settings = JobSettings.Read(config, now),
            MaxFaces = more.Whole(MaxFacesField, 1, 1000) ?? service.Whole(MaxFacesField, 1, 1000),
            Config = [],
        };
        return request with { Config = WriteConfig(request, photos, root, config, service, image, more, writeMore) };
    }

    private static JsonElement? Object(JsonElement parent, string name, bool lenient = false)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Object) return value;
        return lenient ? null : throw RequestException.Invalid(name, "must be an object.");
    }

    private static byte[] WriteConfig(
        VisageRequest request, int? photos, JsonFields root, JsonFields config, JsonFields service, JsonFields image, JsonFields more, Action<Utf8JsonWriter>? writeMore)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("threshold", request.Threshold);
            json.WriteString("visage_api_url", request.Url);
            if (photos is { } count) json.WriteNumber("image_count", count);
            writeMore?.Invoke(json);
            json.WriteString("model_type", config.Text("model_type") ?? DefaultModel);
            json.WriteBoolean("return_face_locations", config.Flag("return_face_locations") ?? true);
            WriteText(json, "source", config.Text("source"));
            request.Settings.Write(json);
            WriteEntity(json, root, image, more);
            json.WriteStartObject("additional_params");
            if (request.MaxFaces is { } faces) json.WriteNumber(MaxFacesField, faces);
            // To look each name up in the other object would take a walk through it for each.
            var given = more.Others().Where(property => property.Value.ValueKind != JsonValueKind.Null).Select(property => property.Name).ToHashSet();
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

    /// <summary>What the photos belong to in the client's library.</summary>
    private static (string? Type, string? Id, string? ImageId, string? SceneId, string? GalleryId) Entity(JsonFields root, JsonFields image, JsonFields more)
    {
        var imageId = image.Text("stash_image_id") ?? more.Text("stash_image_id") ?? more.Text("image_id") ?? root.Text("image_id");
        var sceneId = more.Text("stash_scene_id") ?? more.Text("scene_id") ?? root.Text("scene_id");
        var galleryId = more.Text("stash_gallery_id") ?? more.Text("gallery_id");
        var type = more.Text("entity_type") ?? (imageId is not null ? "image" : sceneId is not null ? "scene" : galleryId is not null ? "gallery" : null);
        var ofType = type == "scene" ? sceneId : type == "gallery" ? galleryId : null;
        return (type, more.Text("entity_id") ?? ofType ?? imageId ?? sceneId ?? galleryId, imageId, sceneId, galleryId);
    }

    private static string EntityName(JsonFields root, JsonFields image, JsonFields more)
    {
        var entity = Entity(root, image, more);
        if (entity.Id is not { Length: > 0 and <= MaxNamedId } id) return "Face Analysis: Single Analysis";
        var type = entity.Type is { Length: > 0 and <= MaxNamedId } word ? char.ToUpperInvariant(word[0]) + word[1..] : "Image";
        return $"Face Analysis: {type} | {id}";
    }

    /// <summary>What the client finds the way back from a result by.</summary>
    private static void WriteEntity(Utf8JsonWriter json, JsonFields root, JsonFields image, JsonFields more)
    {
        var (type, id, imageId, sceneId, galleryId) = Entity(root, image, more);
        WriteText(json, "entity_type", type);
        WriteText(json, "entity_id", id);
        WriteText(json, "image_id", imageId);
        WriteText(json, "scene_id", sceneId);
        WriteText(json, "gallery_id", galleryId);
        WriteText(json, "image_title", image.Text("stash_image_title"));
        if (more.Array("entity_ids") is { } ids)
        {
            json.WritePropertyName("entity_ids");
            ids.WriteTo(json);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
