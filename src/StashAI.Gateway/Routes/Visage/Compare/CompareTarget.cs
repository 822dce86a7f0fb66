using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Visage.Compare;

/// <summary>The target that all items of a job are compared with: a photo, stored once for the job, or a person of the gallery.</summary>
internal sealed class CompareTarget(IUpload upload) : IItemSink
{
    /// <summary>The member of the body.</summary>
    public const string Field = "target";

    private readonly HashSet<string> files = [];
    private JsonElement person;
    private JsonElement face;
    private bool isGiven;

    public void BeginItem(PayloadPath path)
    {
        isGiven = true;
        upload.BeginJobParts();
    }

    public void BeginFile(string field, string? dataUrlPrefix)
    {
        files.Add(field);
        upload.BeginPayload(CompareItems.TargetSlot, dataUrlPrefix);
    }

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        upload.WriteAsync(bytes, cancellationToken);

    public void EndFile() => upload.EndPayload();

    public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (!json.IsEmpty) Check(json);
        return upload.EndTaskAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);
    }

    /// <exception cref="RequestException">The target is missing.</exception>
    public void Complete()
    {
        if (!isGiven)
        {
            throw RequestException.Missing(
                Field, """target is missing: what the items are compared with, a base64 photo, {"image": base64} or {"person": name}.""");
        }
    }

    /// <summary>Writes the target into the job's configuration.</summary>
    public void Write(Utf8JsonWriter json)
    {
        WriteField(json, "target_person", person);
        WriteField(json, "target_face", face);
    }

    private void Check(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var target = document.RootElement;
        var errors = new List<FieldError>();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            FieldCheck.Write(CompareItems.OneToManyItem, target, Field, isLenient: false, files, writer, errors);
        }

        if (target.ValueKind == JsonValueKind.Object && target.TryGetProperty("image", out var image)
            && image.ValueKind != JsonValueKind.Null)
        {
            errors.Insert(0, new FieldError($"{Field}.image", "must be a base64 photo."));
        }

        if (errors.Count == 0) errors.AddRange(CompareRules.One(target, files, Field));
        if (errors.Count > 0)
        {
            throw new RequestException(Problem.Invalid($"{errors[0].Field} {errors[0].Reason}") with
            {
                Errors = [.. errors.Select(error => new ProblemError(error.Field, null, error.Reason))],
            });
        }

        (person, face) = (Find(target, "person"), Find(target, "face"));
    }

    private static void WriteField(Utf8JsonWriter json, string name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return;
        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    private static JsonElement Find(JsonElement target, string name) =>
        target.TryGetProperty(name, out var value) ? value.Clone() : default;
}
