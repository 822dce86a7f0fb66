using System.Globalization;
using System.Text.Json;

namespace StashAI.Adapters.Http.Schemas;

/// <summary>Checks values against their schemas and writes them again with defaults filled in.</summary>
public static class FieldCheck
{
    /// <summary>Writes the value; what does not fit goes into <paramref name="errors"/>, and then what was written is of no use.</summary>
    /// <param name="schema">What it must be.</param>
    /// <param name="value">The value as sent.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <param name="isLenient">True takes numbers and truth values as text too, as forms send them.</param>
    /// <param name="files">The file properties that came as bytes and so are not in the value.</param>
    /// <param name="json">Takes the value.</param>
    /// <param name="errors">Takes the errors.</param>
    public static void Write(
        FieldSchema schema, JsonElement value, string path, bool isLenient, IReadOnlyCollection<string> files, Utf8JsonWriter json, ICollection<FieldError> errors)
    {
        switch (schema.Type)
        {
            case FieldType.Record when value.ValueKind == JsonValueKind.Object:
                WriteObject(schema, value, path, isLenient, files, json, errors);
                break;
            case FieldType.Array when value.ValueKind == JsonValueKind.Array:
                WriteArray(schema, value, path, isLenient, json, errors);
                break;
            default:
                WriteScalar(schema, value, path, isLenient, json, errors);
                break;
        }
    }

    /// <summary>The name among those known that was probably meant, as a sentence with a space before it, or nothing.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        var best = known.Select(one => (Name: one, Distance: Distance(name, one))).OrderBy(one => one.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(1, name.Length / 3) ? $" Did you mean '{best.Name}'?" : "";
    }

    private static void WriteObject(
        FieldSchema schema, JsonElement value, string path, bool isLenient, IReadOnlyCollection<string> files, Utf8JsonWriter json, ICollection<FieldError> errors)
    {
        var names = schema.Properties.Select(property => property.Key);
        foreach (var property in value.EnumerateObject())
        {
            if (schema.Find(property.Name) is null)
                errors.Add(new FieldError(At(path, property.Name), $"is not known.{Suggest(property.Name, names)} Known are: {string.Join(", ", names)}."));
        }

        json.WriteStartObject();
        foreach (var (name, field) in schema.Properties)
        {
            if (files.Contains(name)) continue;
            if (field.Environment is { } variable)
            {
                if (value.TryGetProperty(name, out var sent) && sent.ValueKind != JsonValueKind.Null)
                    errors.Add(new FieldError(At(path, name), $"is not a job's to give: the server takes it from its environment ({variable}). Leave it out."));
                continue;
            }

            if (value.TryGetProperty(name, out var given) && given.ValueKind != JsonValueKind.Null)
            {
                json.WritePropertyName(name);
                Write(field, given, At(path, name), isLenient, [], json, errors);
            }
            else if (field.Default is { } fallback)
            {
                json.WritePropertyName(name);
                fallback.WriteTo(json);
            }
            else if (field.IsRequired)
            {
                errors.Add(new FieldError(At(path, name), $"is missing: it must be {Expected(field)}."));
            }
        }

        json.WriteEndObject();
    }

    private static void WriteArray(FieldSchema schema, JsonElement value, string path, bool isLenient, Utf8JsonWriter json, ICollection<FieldError> errors)
    {
        var count = value.GetArrayLength();
        if (count < schema.MinLength || count > schema.MaxLength) errors.Add(new FieldError(path, $"has {count} elements: it must be {Expected(schema)}."));
        json.WriteStartArray();
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            Write(schema.Element ?? FieldSchema.Any, element, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), isLenient, [], json, errors);
        }

        json.WriteEndArray();
    }

    private static void WriteScalar(FieldSchema schema, JsonElement value, string path, bool isLenient, Utf8JsonWriter json, ICollection<FieldError> errors)
    {
        var fits = schema.Type switch
        {
            FieldType.Any => true,
            FieldType.Text or FieldType.Secret => value.ValueKind == JsonValueKind.String && FitsText(schema, value.GetString()!),
            FieldType.Whole => Number(value, isLenient) is { } whole && whole == Math.Floor(whole) && FitsRange(schema, whole),
            FieldType.Number => Number(value, isLenient) is { } number && FitsRange(schema, number),
            FieldType.Boolean => Flag(value, isLenient) is not null,
            FieldType.File => IsUrl(value),
            _ => false,
        };
        if (!fits || (schema.Choices.Count > 0 && !schema.Choices.Any(choice => Same(choice, value))))
        {
            errors.Add(new FieldError(path, schema.Type == FieldType.Secret ? $"does not fit: it must be {Expected(schema)}." : $"is {Shown(value)}: it must be {Expected(schema)}."));
            json.WriteNullValue();
            return;
        }

        if (value.ValueKind == JsonValueKind.String && schema.Type is FieldType.Whole or FieldType.Number && Number(value, isLenient) is { } read) json.WriteNumberValue((decimal)read);
        else if (value.ValueKind == JsonValueKind.String && schema.Type == FieldType.Boolean) json.WriteBooleanValue(Flag(value, isLenient)!.Value);
        else value.WriteTo(json);
    }

    private static bool FitsText(FieldSchema schema, string text) =>
        !(text.Length < schema.MinLength) && !(text.Length > schema.MaxLength) && schema.Pattern?.IsMatch(text) is not false;

    private static bool FitsRange(FieldSchema schema, double number) => !(number < schema.Min) && !(number > schema.Max);

    private static double? Number(JsonElement value, bool isLenient) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) => number,
        JsonValueKind.String when isLenient && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < 1e28 => number,
        _ => null,
    };

    private static bool? Flag(JsonElement value, bool isLenient) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when isLenient && bool.TryParse(value.GetString(), out var flag) => flag,
        _ => null,
    };

    private static bool IsUrl(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String && value.EnumerateObject().Count() == 1;

    private static bool Same(JsonElement choice, JsonElement value) =>
        JsonElement.DeepEquals(choice, value) || (value.ValueKind == JsonValueKind.String && choice.ToString() == value.GetString());

    private static string At(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    private static string Expected(FieldSchema schema)
    {
        if (schema.Choices.Count > 0) return "one of " + string.Join(", ", schema.Choices.Select(choice => choice.GetRawText()));
        return schema.Type switch
        {
            FieldType.Text or FieldType.Secret => "a text" + Lengths(schema, "characters") + (schema.Pattern is { } pattern ? $" that matches {pattern}" : ""),
            FieldType.Whole => "a whole number" + Range(schema),
            FieldType.Number => "a number" + Range(schema),
            FieldType.Boolean => "true or false",
            FieldType.Record => "an object with " + string.Join(", ", schema.Properties.Select(property => property.Key)),
            FieldType.Array => "a list" + Lengths(schema, "elements"),
            FieldType.File => "a file: base64, {\"url\": ...} or {\"path\": ...}",
            _ => "a value",
        };
    }

    private static string Range(FieldSchema schema) => (schema.Min, schema.Max) switch
    {
        (null, null) => "",
        ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $" of at least {min}"),
        (null, { } max) => string.Create(CultureInfo.InvariantCulture, $" of at most {max}"),
        ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $" from {min} to {max}"),
    };

    private static string Lengths(FieldSchema schema, string what) => (schema.MinLength, schema.MaxLength) switch
    {
        (null, null) => "",
        ({ } min, null) => $" of at least {min} {what}",
        (null, { } max) => $" of at most {max} {what}",
        ({ } min, { } max) => $" of {min} to {max} {what}",
    };

    /// <summary>The number of edits between two names (Levenshtein).</summary>
    private static int Distance(string one, string two)
    {
        var row = Enumerable.Range(0, two.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= two.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == two[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[two.Length];
    }
}
