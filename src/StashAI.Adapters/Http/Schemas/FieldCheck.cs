using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using StashAI.Streams.Texts;

namespace StashAI.Adapters.Http.Schemas;

/// <summary>Validates values against their schemas and writes them with defaults filled in.</summary>
public static class FieldCheck
{
    /// <summary>The most errors that are reported for a value, which may have millions.</summary>
    public const int MaxErrors = 20;

    private const int MaxExcerpt = 60;

    /// <summary>The longest name for which a suggestion is searched.</summary>
    private const int MaxComparedLength = 64;

    private const int MaxCandidates = 500;

    /// <summary>
    /// Writes the value. If it does not fit the schema, adds to <paramref name="errors"/>; then discard what was written.
    /// </summary>
    /// <param name="schema">The schema of the value.</param>
    /// <param name="value">The value as sent.</param>
    /// <param name="path">The path of the value, for errors.</param>
    /// <param name="isLenient">True also accepts numbers and booleans as text, as forms send them.</param>
    /// <param name="files">The file properties that were sent as bytes and so are missing from the value.</param>
    /// <param name="json">Receives the value.</param>
    /// <param name="errors">Receives up to <see cref="MaxErrors"/> errors; then validation stops.</param>
    public static void Write(
        FieldSchema schema, JsonElement value, string path, bool isLenient, IReadOnlyCollection<string> files, Utf8JsonWriter json,
        ICollection<FieldError> errors)
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

    /// <summary>A sentence that suggests the most similar known name, with a leading space; empty when none is similar.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxComparedLength) return "";
        var best = known.Where(candidate => candidate.Length <= MaxComparedLength).Take(MaxCandidates)
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate))).OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(1, name.Length / 3) ? $" Did you mean '{best.Name}'?" : "";
    }

    private static void WriteObject(
        FieldSchema schema, JsonElement value, string path, bool isLenient, IReadOnlyCollection<string> files, Utf8JsonWriter json,
        ICollection<FieldError> errors)
    {
        var names = schema.Properties.Select(property => property.Key);
        // Collect the properties in one pass: each lookup in a JsonElement scans the object, which may have millions of properties.
        var found = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (errors.Count >= MaxErrors) return;
            if (schema.Find(property.Name) is not null)
            {
                // Only one of two values would be kept.
                if (!found.TryAdd(property.Name, property.Value))
                    errors.Add(new FieldError(PathOf(path, property.Name), "is given more than once; send it once."));
            }
            else
            {
                errors.Add(new FieldError(
                    PathOf(path, property.Name),
                    $"is not known.{Suggest(property.Name, names)}{Schemas.Excerpt.KnownFields(names)}"));
            }
        }

        json.WriteStartObject();
        foreach (var (name, field) in schema.Properties)
        {
            if (files.Contains(name)) continue;
            if (field.Environment is { } variable)
            {
                if (found.TryGetValue(name, out var sent) && sent.ValueKind != JsonValueKind.Null)
                {
                    Add(
                        errors,
                        PathOf(path, name),
                        $"cannot be set by a job: the server takes it from its environment ({variable}). Leave it out.");
                }

                continue;
            }

            if (found.TryGetValue(name, out var sentValue) && sentValue.ValueKind != JsonValueKind.Null)
            {
                json.WritePropertyName(name);
                Write(field, sentValue, PathOf(path, name), isLenient, [], json, errors);
            }
            else if (field.Default is { } fallback)
            {
                json.WritePropertyName(name);
                fallback.WriteTo(json);
            }
            else if (field.IsRequired)
            {
                Add(errors, PathOf(path, name), $"is missing: it must be {Describe(field)}.");
            }

            // The output is discarded anyway.
            if (errors.Count >= MaxErrors) return;
        }

        json.WriteEndObject();
    }

    private static void WriteArray(
        FieldSchema schema, JsonElement value, string path, bool isLenient, Utf8JsonWriter json, ICollection<FieldError> errors)
    {
        var count = value.GetArrayLength();
        if (count < schema.MinLength || count > schema.MaxLength)
        {
            Add(errors, path, $"has {count} elements: it must be {Describe(schema)}.");
        }

        json.WriteStartArray();
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            if (errors.Count >= MaxErrors) return;
            Write(
                schema.Element ?? FieldSchema.Any, element, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), isLenient,
                [], json, errors);
        }

        json.WriteEndArray();
    }

    private static void WriteScalar(
        FieldSchema schema, JsonElement value, string path, bool isLenient, Utf8JsonWriter json, ICollection<FieldError> errors)
    {
        ExactNumber? number = null;
        bool? flag = null;
        var fits = schema.Type switch
        {
            FieldType.Any => true,
            FieldType.Text or FieldType.Secret => value.ValueKind == JsonValueKind.String && FitsText(schema, value),
            FieldType.WholeNumber => (number = Number(value, isLenient)) is { IsInteger: true } integer && FitsRange(schema, integer),
            FieldType.Number => (number = Number(value, isLenient)) is { } any && FitsRange(schema, any),
            FieldType.Boolean => (flag = Flag(value, isLenient)) is not null,
            FieldType.File => IsUrl(value),
            _ => false,
        };
        if (!fits || (schema.Choices.Count > 0 && !schema.Choices.Any(choice => IsSameAs(choice, value, number, flag))))
        {
            Add(
                errors, path, schema.Type == FieldType.Secret
                    ? $"is not valid: it must be {Describe(schema)}."
                    : $"is {Excerpt(value)}: it must be {Describe(schema)}.");
            json.WriteNullValue();
            return;
        }

        if (value.ValueKind == JsonValueKind.String && number is { } read) json.WriteRawValue(read.Text);
        else if (value.ValueKind == JsonValueKind.String && flag is { } boolean) json.WriteBooleanValue(boolean);
        else LargeJson.Write(json, value);
    }

    private static void Add(ICollection<FieldError> errors, string path, string reason)
    {
        if (errors.Count < MaxErrors) errors.Add(new FieldError(path, reason));
    }

    private static bool FitsText(FieldSchema schema, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (schema.Pattern is null && raw.Length >= LargeJson.MinBytes && JsonEscapes.CountBytes(raw[1..^1]) is not null)
            return schema is { MinLength: null, MaxLength: null } || FitsLength(schema, JsonEscapes.CountCodePoints(raw[1..^1]));
        var text = value.GetString()!;
        return (schema is { MinLength: null, MaxLength: null } || FitsLength(schema, Characters.CountOf(text)))
            && schema.Pattern?.IsMatch(text) is not false;
    }

    /// <summary>Characters are counted as JSON schemas count them: as Unicode code points, so that an emoji is one.</summary>
    private static bool FitsLength(FieldSchema schema, long length)
    {
        return !(length < schema.MinLength) && !(length > schema.MaxLength);
    }

    private static bool FitsRange(FieldSchema schema, ExactNumber number) => !(number < schema.Min) && !(number > schema.Max);

    private static ExactNumber? Number(JsonElement value, bool isLenient) => value.ValueKind switch
    {
        JsonValueKind.Number => ExactNumber.Of(value),
        JsonValueKind.String when isLenient => ExactNumber.Read(value.GetString()),
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
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String
        && value.EnumerateObject().Count() == 1;

    private static bool IsSameAs(JsonElement choice, JsonElement value, ExactNumber? number, bool? flag)
    {
        if (ExactNumber.Of(choice) is { } choiceNumber)
        {
            return choiceNumber == (number ?? ExactNumber.Of(value))
                || (value.ValueKind == JsonValueKind.String && choiceNumber.Text == value.GetString());
        }

        if (choice.ValueKind is JsonValueKind.True or JsonValueKind.False && flag is { } boolean)
        {
            return boolean == (choice.ValueKind == JsonValueKind.True);
        }

        return value.ValueKind == JsonValueKind.String ? JsonText.Of(choice) == value.GetString() : value.ValueKind != JsonValueKind.Number
            && JsonElement.DeepEquals(choice, value);
    }

    private static string PathOf(string path, string name) =>
        path.Length == 0 ? Schemas.Excerpt.Of(name) : $"{path}.{Schemas.Excerpt.Of(name)}";

    /// <summary>The start of a value, without copying the rest.</summary>
    private static string Excerpt(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.Length <= MaxExcerpt ? Encoding.UTF8.GetString(raw) : Encoding.UTF8.GetString(raw[..(MaxExcerpt - 3)]).TrimEnd('\uFFFD')
            + "...";
    }

    private static string Describe(FieldSchema schema)
    {
        if (schema.Choices.Count > 0) return "one of " + Schemas.Excerpt.List(schema.Choices.Select(choice => choice.GetRawText()));
        return schema.Type switch
        {
            FieldType.Text or FieldType.Secret =>
                "a text" + Lengths(schema, "characters") + (schema.Pattern is { } pattern ? $" that matches {pattern}" : ""),
            FieldType.WholeNumber => "a whole number" + Range(schema),
            FieldType.Number => "a number" + Range(schema),
            FieldType.Boolean => "true or false",
            FieldType.Record => "an object with " + Schemas.Excerpt.List(schema.Properties.Select(property => property.Key)),
            FieldType.Array => "a list" + Lengths(schema, "elements"),
            FieldType.File => "a file: base64, {\"url\": ...} or {\"path\": ...}",
            _ => "a value",
        };
    }

    private static string Range(FieldSchema schema) => (schema.Min, schema.Max) switch
    {
        (null, null) => "",
        ({ } min, null) => $" of at least {min}",
        (null, { } max) => $" of at most {max}",
        ({ } min, { } max) => $" from {min} to {max}",
    };

    private static string Lengths(FieldSchema schema, string unit) => (schema.MinLength, schema.MaxLength) switch
    {
        (null, null) => "",
        ({ } min, null) => $" of at least {min} {unit}",
        (null, { } max) => $" of at most {max} {unit}",
        ({ } min, { } max) => $" of {min} to {max} {unit}",
    };

    /// <summary>The number of edits between two names; two swapped neighbours are one edit.</summary>
    private static int Distance(string first, string second)
    {
        var (before, above) = (new int[second.Length + 1], Enumerable.Range(0, second.Length + 1).ToArray());
        for (var i = 1; i <= first.Length; i++)
        {
            var row = new int[second.Length + 1];
            row[0] = i;
            for (var j = 1; j <= second.Length; j++)
            {
                row[j] = Math.Min(above[j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1), Math.Min(above[j], row[j - 1]) + 1);
                var isSwapped = i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1];
                if (isSwapped) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, above) = (above, row);
        }

        return above[second.Length];
    }
}
