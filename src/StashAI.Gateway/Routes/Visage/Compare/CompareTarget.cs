using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Visage.Compare;

/// <summary>What all items of a job are compared with: a photo, which is stored once for the job, or a person of the gallery.</summary>
internal sealed class CompareTarget
{
    private const string Field = "target";

    private readonly JsonElement person;
    private readonly JsonElement face;
    private readonly BatchPhoto? photo;

    private CompareTarget(BatchPhoto? photo, JsonElement person, JsonElement face) => (this.photo, this.person, this.face) = (photo, person, face);

    /// <exception cref="RequestException">It is missing, or cannot be used.</exception>
    public static CompareTarget Read(JsonElement body)
    {
        if (!body.TryGetProperty(Field, out var target) || target.ValueKind == JsonValueKind.Null)
        {
            throw RequestException.Missing(
                Field, """target is missing: what the items are compared with, a base64 photo, {"image": base64} or {"person": name}.""");
        }

        if (target.ValueKind == JsonValueKind.String) return new CompareTarget(BatchPhoto.Read(target, Field, null), default, default);
        var hasImage = target.ValueKind == JsonValueKind.Object && target.TryGetProperty("image", out var image) && image.ValueKind != JsonValueKind.Null;
        string[] files = hasImage ? ["image"] : [];
        var errors = new List<FieldError>();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options)) FieldCheck.Write(CompareItems.OneToManyItem, target, Field, isLenient: false, files, json, errors);
        if (errors.Count == 0) errors.AddRange(CompareRules.One(target, files, Field));
        if (errors.Count > 0)
            throw new RequestException(Problem.Invalid($"{errors[0].Field} {errors[0].Reason}") with { Errors = [.. errors.Select(error => new ProblemError(error.Field, null, error.Reason))] });
        return new CompareTarget(hasImage ? BatchPhoto.Read(target, $"{Field}.image", null) : null, Find(target, "person"), Find(target, "face"));
    }

    /// <summary>Stores the photo, if it is one.</summary>
    public async Task WriteAsync(HeldUpload upload, CancellationToken cancellationToken)
    {
        if (photo is not { } bytes) return;
        upload.BeginJobParts();
        upload.BeginPayload(CompareItems.TargetSlot, bytes.DataUrlPrefix);
        await upload.WriteAsync(bytes.Bytes, cancellationToken);
        upload.EndPayload();
        await upload.EndTaskAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);
    }

    /// <summary>Writes what the job's configuration has of it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        WriteField(json, "target_person", person);
        WriteField(json, "target_face", face);
    }

    private static void WriteField(Utf8JsonWriter json, string name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return;
        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    private static JsonElement Find(JsonElement target, string name) => target.TryGetProperty(name, out var value) ? value.Clone() : default;
}
