using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Intake.Items;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// Checks the lines of a file one after the other, and collects everything that is wrong. What it remembers of a line is 16 bytes, for the
/// ids that must differ.
/// </summary>
/// <param name="endpoint">The route that every line calls.</param>
/// <param name="models">Finds the service of each model; it must be the same for all lines.</param>
/// <param name="maxLines">The most lines.</param>
/// <param name="tooLong">What a line that is too long is told.</param>
internal sealed class LineCheck(string endpoint, ServedModels models, int maxLines, string tooLong)
{
    /// <summary>The most characters that are kept of a model, which lists show.</summary>
    private const int MaxModel = 256;

    private readonly byte[] method = "\"POST\""u8.ToArray();
    private readonly byte[] url = Encoding.UTF8.GetBytes($"\"{endpoint}\"");
    private readonly HashSet<UInt128> ids = [];

    /// <summary>Other prints for each file, so that nobody can make ids that differ and have the same.</summary>
    private readonly long seed = Random.Shared.NextInt64();

    private readonly bool isForm = FormLine.IsFor(endpoint);
    private readonly bool isItem = ServiceEndpoints.Is(endpoint);
    private readonly bool isPrompt = PromptPrefix.IsFor(endpoint);

    /// <summary>What was found for the model of the line before; most files name one model only.</summary>
    private (string Model, SpokenRoute? Found)? last;
    private JsonElement? firstConfig;
    private long line;
    private long? blank;

    /// <summary>What is wrong so far.</summary>
    public LineErrors Errors { get; } = new();

    /// <summary>The service of the lines; null before the first model that some service has.</summary>
    public SpokenRoute? Service { get; private set; }

    /// <summary>The first model, or the beginning of a very long one.</summary>
    public string? Model { get; private set; }

    /// <summary>The <c>config</c> of the items of a declared service, as JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Config { get; private set; }

    /// <summary>The line that was checked last, from 1.</summary>
    public long Line => line;

    /// <summary>How many lines are requests.</summary>
    public int Count { get; private set; }

    /// <summary>True when reading on finds nothing that the client does not know.</summary>
    public bool IsOver => Errors.IsFull || Count > maxLines;

    /// <summary>Checks the next line; null for one that was too long.</summary>
    /// <returns>The request of the line; null for a blank line, and for one that is not valid.</returns>
    public CheckedLine? Check(ReadOnlyMemory<byte>? text)
    {
        line++;
        if (line == 1 && text is { } first && first.Span.StartsWith("\uFEFF"u8)) text = first[3..];
        if (text is { } bytes && bytes.Span.Trim(" \t\r"u8).IsEmpty)
        {
            blank ??= line;
            return null;
        }

        if (blank is { } before)
            Errors.Add("invalid_json_line", "This line is blank; blank lines may stand only at the end of the file.", null, before);
        blank = null;
        if (!CountOne()) return null;
        if (text is { } request) return CheckRequest(request);
        Errors.Add("line_too_long", tooLong, null, line);
        return null;
    }

    /// <summary>Ends the file.</summary>
    public void End()
    {
        if (Count == 0) Errors.Add("empty_file", "The file has no requests: it needs at least one line.", null, null);
    }

    private bool CountOne()
    {
        if (++Count <= maxLines) return true;
        Errors.Add(
            "too_many_tasks", $"The file has more than {maxLines} requests: make several batches, or raise MAX_ITEMS on the server.",
            null, line);
        return false;
    }

    private CheckedLine? CheckRequest(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            // A reader of JSON does not look into texts, but whoever reads the line later needs valid UTF-8.
            if (!Utf8.IsValid(bytes.Span)) throw new JsonException();
            var (document, repeated) = RepeatedName.Parse(bytes);
            using (document)
            {
                if (document?.RootElement.ValueKind == JsonValueKind.Object) return CheckFields(document.RootElement);
            }

            if (repeated is null)
            {
                Errors.Add("invalid_json_line", "This line is not a JSON object.", null, line);
            }
            else
            {
                var field = Excerpt.Of(repeated, MaxModel);
                Errors.Add("duplicate_field", $"{field} is there more than once, and only one could count: send it once.", field, line);
            }
        }
        catch (JsonException)
        {
            Errors.Add("invalid_json_line", LineFaults.ReasonOf(bytes.Span), null, line);
        }
        catch (InvalidOperationException)
        {
            // A name has half of a surrogate pair, which is no text.
            using var document = JsonDocument.Parse(bytes);
            var field = Excerpt.Of(HalfPair.Find(document.RootElement, "") ?? "", MaxModel);
            Errors.Add("invalid_json_line", HalfPair.ReasonOf(field), field.Length == 0 ? null : field, line);
        }

        return null;
    }

    private CheckedLine? CheckFields(JsonElement root)
    {
        var before = Errors.Count;
        var id = CheckId(root);
        if (!IsWritten(root, "method", method) && Required(root, "method") is { } other && other != "POST")
            Errors.Add("invalid_method", $"'{Excerpt.Of(other)}' is not valid; use POST.", "method", line);
        if (!IsWritten(root, "url", url) && Required(root, "url") is { } called && called != endpoint)
            Errors.Add("url_mismatch", $"'{Excerpt.Of(called)}' is not the endpoint of the batch, {endpoint}.", "url", line);
        var body = isItem ? CheckItem(root) : CheckBody(root);
        if (body is { } form && isForm) FormLine.Check(form, Errors, line);
        if (Errors.Count > before || id is null || body is not { } request) return null;
        return isForm
            ? new CheckedLine(id, FormLine.ToItem(request), FormLine.FileOf(request))
            : new CheckedLine(id, JsonMarshal.GetRawUtf8Value(request).ToArray(), null)
            {
                Prefix = isPrompt ? PromptPrefix.Of(request) : 0,
            };
    }

    private string? CheckId(JsonElement root)
    {
        if (Required(root, "custom_id") is not { } id) return null;
        var json = root.GetProperty("custom_id").GetRawText();
        if (json.Length > ItemName.MaxLength)
        {
            Errors.Add(
                "string_above_max_length", $"custom_id has {json.Length} characters as JSON; {ItemName.MaxLength} are the most.",
                "custom_id", line);
        }
        else if (!ids.Add(PrintOf(id)))
        {
            Errors.Add(
                "duplicate_custom_id", $"The custom_id '{Excerpt.Of(id)}' is on an earlier line; each must be on one line only.",
                "custom_id", line);
        }

        return json;
    }

    /// <summary>The item of a declared service, which its own rules check; beside it the configuration of the job.</summary>
    private JsonElement? CheckItem(JsonElement root)
    {
        if (ItemConfig.Check(root, Errors, line) is { } config)
        {
            if (firstConfig is null)
            {
                firstConfig = config.ValueKind == JsonValueKind.Object ? config.Clone() : default(JsonElement);
                if (config.ValueKind == JsonValueKind.Object) Config = JsonMarshal.GetRawUtf8Value(config).ToArray();
            }
            else if (!ItemConfig.AreSame(firstConfig.Value, config))
            {
                Errors.Add("config_mismatch", "config differs from that of the first line: make a batch for each.", ItemConfig.Field, line);
            }
        }

        if (root.TryGetProperty("body", out var body) && body.ValueKind != JsonValueKind.Null) return body;
        Errors.Add("missing_required_parameter", "body is missing; it must be the item.", "body", line);
        return null;
    }

    private JsonElement? CheckBody(JsonElement root)
    {
        if (!root.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object)
        {
            Errors.Add("missing_required_parameter", "body is missing; it must be an object, the request.", "body", line);
            return null;
        }

        if (body.TryGetProperty("stream", out var stream) && stream.ValueKind is not (JsonValueKind.False or JsonValueKind.Null))
        {
            Errors.Add(
                "unsupported_parameter", "stream must be false or left out: the answers of a batch are in a file.", "body.stream", line);
        }

        // The body goes on as it is, and direct calls refuse it too.
        if (HalfPair.Find(body, "body") is { } found)
        {
            var half = Excerpt.Of(found);
            Errors.Add("invalid_parameter", HalfPair.ReasonOf(half), half, line);
        }
        else if (Required(body, "model", "body.model") is { } model)
        {
            CheckModel(model);
        }

        return body;
    }

    private void CheckModel(string model)
    {
        Model ??= Excerpt.Of(model, MaxModel);
        if (last is not var (before, found) || before != model)
        {
            found = models.Find(endpoint, model);
            last = (model, found);
        }

        if (found is null)
        {
            Errors.Add(
                "model_not_found", $"No declared service has the model '{Excerpt.Of(model)}' for {endpoint}.", "body.model", line);
        }
        else if (Service is { } other && other.Service.Name != found.Service.Name)
        {
            Errors.Add(
                "model_mismatch",
                $"The model '{Excerpt.Of(model)}' is of the service {found.Service.Name}, and the first lines are of "
                + $"{other.Service.Name}: make a batch for each.",
                "body.model", line);
        }
        else
        {
            Service ??= found;
        }
    }

    /// <summary>A text that is not empty; null, with an error, for anything else.</summary>
    private string? Required(JsonElement parent, string name, string? field = null)
    {
        var isText = parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;
        var text = isText ? TextOf(value) : "";
        if (text is { Length: > 0 }) return text;
        if (text is null)
        {
            Errors.Add("invalid_parameter", HalfPair.ReasonOf(field ?? name), field ?? name, line);
        }
        else
        {
            Errors.Add(
                "missing_required_parameter", $"{field ?? name} is missing; it must be a text that is not empty.", field ?? name, line);
        }

        return null;
    }

    /// <summary>The text of a JSON string; null for one with half of a surrogate pair, which is no text.</summary>
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>True for a value that is written as nearly all are; another way to write it is looked at more closely.</summary>
    private static bool IsWritten(JsonElement parent, string name, byte[] json) =>
        parent.TryGetProperty(name, out var value) && JsonMarshal.GetRawUtf8Value(value).SequenceEqual(json);

    private UInt128 PrintOf(string id) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(id.AsSpan()), seed);
}

/// <summary>A line that is valid.</summary>
/// <param name="Id">The <c>custom_id</c> as JSON, as it was sent.</param>
/// <param name="Body">The request as JSON, as it was sent; for a form, its fields.</param>
/// <param name="File">The uploaded file of a form; null for none.</param>
internal sealed record CheckedLine(string Id, byte[] Body, Guid? File)
{
    /// <summary>A print of the beginning of its prompt; 0 where the order of lines does not matter.</summary>
    public ulong Prefix { get; init; }
}
