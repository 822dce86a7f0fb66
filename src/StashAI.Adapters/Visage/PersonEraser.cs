using System.Runtime.InteropServices;
using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>
/// Removes one person from a JSON text, whose other parts it copies byte for byte. It knows the parts of the service's answers and of the
/// gateway's requests by their form, wherever they are: a face (an object with <c>performers</c>), a person in a list (an object with an
/// <c>id</c>), and the fields that name a person.
/// </summary>
internal sealed class PersonEraser(ErasedSubject subject)
{
    /// <summary>Marks a face that was erased.</summary>
    public const string Mark = "erased";

    private const string Data = "data";
    private const string Face = "face";
    private const string Image = "image";
    private const string Performers = "performers";

    private static readonly string[] PersonFields = ["person", "person1", "person2", "target_person", "person_id"];

    private readonly HashSet<string> ids = new(subject.Ids, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> names = [.. subject.Names.Select(KeyOf)];

    /// <summary>The positions of the faces that the last text has lost, which are those of the kept faces.</summary>
    public List<int> ErasedFaces { get; } = [];

    /// <summary>The text without the person; null when it does not concern the person, or is no JSON.</summary>
    public ReadOnlyMemory<byte>? Erase(ReadOnlyMemory<byte> text)
    {
        ErasedFaces.Clear();
        using var document = ParseOrNull(text);
        if (document is null) return null;
        var root = document.RootElement;
        var isOneFace = IsOfOneFace(root);
        if (!isOneFace && !Concerns(root)) return null;
        if (!isOneFace) NoteFaces(root);
        return JsonText.Write(json =>
        {
            if (isOneFace) WriteOneFace(json, root);
            else Write(json, root);
        });
    }

    /// <summary>One spelling of a name for all in which the service would find the person.</summary>
    public static string KeyOf(string name) =>
        string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    private static JsonDocument? ParseOrNull(ReadOnlyMemory<byte> text)
    {
        try
        {
            return JsonText.ParseOrNull(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void NoteFaces(JsonElement root)
    {
        var at = 0;
        foreach (var face in VideoFaces.Of(root)?.Select(face => face.Face) ?? FacesOfPhoto(root))
        {
            if (IsFace(face) && (IsOfPerson(face) || IsMarked(face))) ErasedFaces.Add(at);
            at++;
        }
    }

    private static JsonElement.ArrayEnumerator FacesOfPhoto(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && JsonText.FindMember(root, Data) is { ValueKind: JsonValueKind.Array } data
        && data.GetArrayLength() > 0 && data[0].ValueKind == JsonValueKind.Array
            ? data[0].EnumerateArray()
            : default;

    /// <summary>The answer about one face has the face beside its people (<c>predict_0</c>).</summary>
    private bool IsOfOneFace(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && JsonText.FindMember(root, Face) is { ValueKind: JsonValueKind.Object } face
        && IsFace(face) && IsOfPerson(face);

    private void WriteOneFace(Utf8JsonWriter json, JsonElement root)
    {
        json.WriteStartObject();
        foreach (var property in root.EnumerateObject())
        {
            WriteName(json, property);
            if (JsonText.HasName(property, Data)) json.WriteRawValue("[[]]"u8);
            else Write(json, property.Value);
        }

        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, JsonElement value)
    {
        if (!Concerns(value)) WriteRaw(json, value);
        else if (value.ValueKind == JsonValueKind.Array) WriteArray(json, value);
        else if (IsFace(value) && IsOfPerson(value)) WriteErasedFace(json, value);
        else WriteObject(json, value);
    }

    private void WriteArray(Utf8JsonWriter json, JsonElement array)
    {
        json.WriteStartArray();
        foreach (var element in array.EnumerateArray())
        {
            if (!IsPerson(element)) Write(json, element);
        }

        json.WriteEndArray();
    }

    private void WriteObject(Utf8JsonWriter json, JsonElement value)
    {
        json.WriteStartObject();
        foreach (var property in value.EnumerateObject())
        {
            WriteName(json, property);
            if (NamesPerson(property)) json.WriteNullValue();
            else if (JsonText.HasName(property, Image) && ShowsPerson(value)) json.WriteStringValue("");
            else if (IsAmbiguous(property) && IsFace(value)) json.WriteBooleanValue(IsStillAmbiguous(value, property));
            else Write(json, property.Value);
        }

        json.WriteEndObject();
    }

    /// <summary>What is left of a face: where it is, and how well it was seen.</summary>
    private static void WriteErasedFace(Utf8JsonWriter json, JsonElement face)
    {
        json.WriteStartObject();
        foreach (var property in face.EnumerateObject())
        {
            if (JsonText.HasName(property, "embedding") || JsonText.HasName(property, Mark)) continue;
            WriteName(json, property);
            if (JsonText.HasName(property, Image)) json.WriteStringValue("");
            else if (JsonText.HasName(property, Performers)) json.WriteRawValue("[]"u8);
            else if (IsAmbiguous(property)) json.WriteBooleanValue(false);
            else WriteRaw(json, property.Value);
        }

        json.WriteBoolean(Mark, true);
        json.WriteEndObject();
    }

    private static bool IsAmbiguous(JsonProperty property) => JsonText.HasName(property, "ambiguous");

    /// <summary>Two people were nearly as close as each other: no longer, if this person was one of them.</summary>
    private bool IsStillAmbiguous(JsonElement face, JsonProperty before) =>
        before.Value.ValueKind == JsonValueKind.True
        && JsonText.FindMember(face, Performers) is { ValueKind: JsonValueKind.Array } people && people.GetArrayLength() > 1
        && !IsPerson(people[1]);

    private bool Concerns(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Any(element => IsPerson(element) || Concerns(element)),
        JsonValueKind.Object => value.EnumerateObject().Any(property => NamesPerson(property) || Concerns(property.Value)),
        _ => false,
    };

    private static bool IsFace(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && JsonText.FindMember(value, Performers) is { ValueKind: JsonValueKind.Array };

    private bool IsOfPerson(JsonElement face) =>
        JsonText.FindMember(face, Performers) is { } people && people.GetArrayLength() > 0 && IsPerson(people[0]);

    /// <summary>The cover of a video: its picture shows all of its faces.</summary>
    private bool ShowsPerson(JsonElement value) =>
        JsonText.FindMember(value, "faces") is { ValueKind: JsonValueKind.Array } faces
        && faces.EnumerateArray().Any(face => IsFace(face) && IsOfPerson(face));

    private static bool IsMarked(JsonElement face) => JsonText.FindMember(face, Mark) is { ValueKind: JsonValueKind.True };

    /// <summary>A person in a list, as matches of a face and the people of a summary are.</summary>
    private bool IsPerson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => HasId(value, "id") || HasId(value, "person_id")
            || (JsonText.FindMember(value, "performer") is { ValueKind: JsonValueKind.Object } person && HasId(person, "id")),
        JsonValueKind.String => TextOf(value) is { } text && ids.Contains(text),
        _ => false,
    };

    private bool HasId(JsonElement value, string name) =>
        JsonText.FindMember(value, name) is { ValueKind: JsonValueKind.String } id && TextOf(id) is { } text && ids.Contains(text);

    /// <summary>A field that names the person. The name of anything else is in a field that is not asked here.</summary>
    private bool NamesPerson(JsonProperty property)
    {
        if (property.Value.ValueKind != JsonValueKind.String || !PersonFields.Any(field => JsonText.HasName(property, field))) return false;
        return TextOf(property.Value) is { } text
            && (ids.Contains(Guid.TryParse(text, out var id) ? $"{id}" : text) || names.Contains(KeyOf(text)));
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text, and no name.
            return null;
        }
    }

    private static void WriteName(Utf8JsonWriter json, JsonProperty property)
    {
        try
        {
            json.WritePropertyName(property.Name);
        }
        catch (InvalidOperationException)
        {
            // A name with half of a surrogate pair is no text; what it names is kept.
            json.WritePropertyName("");
        }
    }

    private static void WriteRaw(Utf8JsonWriter json, JsonElement value) =>
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
