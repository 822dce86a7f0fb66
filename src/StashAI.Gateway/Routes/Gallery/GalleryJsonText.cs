using System.Text.Json;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>People and their faces as <c>/api/people</c> shows them.</summary>
internal static class GalleryJsonText
{
    /// <summary>Writes a person. The pictures of the face service become links to this gateway.</summary>
    public static void Write(Utf8JsonWriter json, GalleryPerson person, ShownResults links, JudgedResults? judged = null)
    {
        json.WriteStartObject();
        WriteFields(json, person, links);
        if (judged is not null)
        {
            json.WritePropertyName("rematch");
            judged.Write(json);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the fields of a person into an object.</summary>
    public static void WriteFields(Utf8JsonWriter json, GalleryPerson person, ShownResults links)
    {
        json.WriteString("id", person.Id);
        json.WriteString("name", person.Name);
        json.WriteString("country", person.Country);
        json.WriteString("image", IsOwn(person) ? links.LinkTo("", person.Id) : person.Image);
        json.WriteString("performer_url", person.PerformerUrl);
        json.WriteNumber("faces", person.Faces);
        json.WriteTime("created_at", person.CreatedAt);
        json.WriteTime("updated_at", person.UpdatedAt);
        if (person.Enrolled is { ValueKind: JsonValueKind.Array } enrolled)
        {
            json.WritePropertyName("enrolled");
            enrolled.WriteTo(json);
        }
    }

    /// <summary>Writes the fields of a person whom results show, and who is not in the gallery any more.</summary>
    public static void WriteFormer(Utf8JsonWriter json, string id, string? name)
    {
        json.WriteString("id", id);
        json.WriteString("name", name ?? "");
        json.WriteNull("country");
        json.WriteNull("image");
        json.WriteNull("performer_url");
        json.WriteNumber("faces", 0);
        json.WriteNull("created_at");
        json.WriteNull("updated_at");
    }

    public static void WritePage(Utf8JsonWriter json, GalleryPage page, ShownResults links)
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var person in page.People) Write(json, person, links);
        json.WriteEndArray();
        EntryJson.WriteEnd(json, page.NextAfter, page.TotalCount, true);
        json.WriteEndObject();
    }

    public static void WriteFaces(Utf8JsonWriter json, Guid person, GalleryFaces faces, string baseUrl)
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var face in faces.Faces)
        {
            json.WriteStartObject();
            json.WriteString("id", face.Id);
            json.WriteNumberOrNull("quality", face.Quality);
            json.WriteTime("created_at", face.CreatedAt);
            json.WriteString("picture", $"{baseUrl}/api/people/{person}/faces/{face.Id}/picture");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        EntryJson.WriteEnd(json, null, faces.Faces.Count, true);
        json.WriteEndObject();
    }

    public static void WriteRejections(
        Utf8JsonWriter json, IReadOnlyList<GalleryRejection> page, string? next, int total, string baseUrl)
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var rejection in page) WriteRejection(json, rejection, baseUrl);
        json.WriteEndArray();
        EntryJson.WriteEnd(json, next, total, true);
        json.WriteEndObject();
    }

    /// <summary>Writes a rejection. It has no task if its face came as an embedding; the task may be gone by now.</summary>
    public static void WriteRejection(Utf8JsonWriter json, GalleryRejection rejection, string baseUrl)
    {
        var named = ResultFace.ReadSource(rejection.Source);
        json.WriteStartObject();
        json.WriteString("id", rejection.Id);
        json.WriteString("task", named?.Task);
        json.WriteNumberOrNull("face", named?.Face);
        json.WriteString("picture", named is { } face ? $"{baseUrl}/api/tasks/{face.Task}/faces/{face.Face}/picture" : null);
        json.WriteTime("created_at", rejection.CreatedAt);
        json.WriteEndObject();
    }

    /// <summary>Whether the picture is that of an enrolled face, and not an address that somebody gave the person.</summary>
    private static bool IsOwn(GalleryPerson person) =>
        Uri.TryCreate(person.Image, UriKind.Absolute, out var uri) && uri.AbsolutePath == ShownResults.PathOf(person.Id);
}
