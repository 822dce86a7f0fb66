using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>Compares the two sides of a task with one call of <c>compare_faces</c>.</summary>
internal static partial class CompareCall
{
    private const string FirstPhoto = "image1";
    private const string SecondPhoto = "image2";

    public static async Task<TaskOutcome> RunAsync(TaskContext context, CancellationToken cancellationToken)
    {
        using var item = JsonText.ParseOrNull(context.Input);
        using var config = JsonText.ParseOrNull(context.Config);
        var isPair = context.TaskType == VisageAdapter.Compare.TaskType;
        var (files, failure) = await ItemFiles.OpenAsync(
            context, isPair ? CompareItems.PairItem : CompareItems.OneToManyItem, item?.RootElement, cancellationToken);
        if (failure is not null) return failure;
        IReadOnlyList<(string Field, FilePart Photo)> photos = isPair
            ? [.. files.Select(file => (file.Field, file))]
            : await OneToManyAsync(context, files, cancellationToken);
        var fields = isPair ? Pair(item, config) : OneToMany(item, config);
        if (MissingSide(photos, fields) is { } side)
        {
            return new TaskOutcome.Failed(
                ErrorKind.InvalidInput,
                $"The task has neither a photo nor a person on its {side} side: send one of them.",
                CallReport.None);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, context.Upstream)
        {
            Content = new PhotoContent(
                photos.Select(photo => new PhotoField(photo.Field, "", photo.Photo.Size, photo.Photo.ReadAsync)), Write(fields)),
        };
        var outcome = await UpstreamCall.SendAsync(context, request, AnswerRules.Default, cancellationToken);
        return isPair ? outcome : InFieldsOfClient(outcome, context.Ordinal);
    }

    /// <summary>The service names the fields of its own request; a client that compares one with many sent others.</summary>
    private static TaskOutcome InFieldsOfClient(TaskOutcome outcome, int ordinal) => outcome switch
    {
        TaskOutcome.Failed failed => failed with { Message = InFieldsOfClient(failed.Message, ordinal) },
        TaskOutcome.Retry retry => retry with { Message = InFieldsOfClient(retry.Message, ordinal) },
        TaskOutcome.Throttled throttled => throttled with { Message = InFieldsOfClient(throttled.Message, ordinal) },
        _ => outcome,
    };

    private static string InFieldsOfClient(string message, int ordinal) => ServiceField().Replace(message, match =>
    {
        var side = match.Groups["side"].Value == "1" ? "target" : $"items[{ordinal}]";
        // A photo may be a member of its item or be the item.
        return match.Groups["what"].Value is "image" ? side : $"{side}.{match.Groups["what"].Value}";
    });

    private static async Task<IReadOnlyList<(string Field, FilePart Photo)>> OneToManyAsync(
        TaskContext context, IReadOnlyList<FilePart> files, CancellationToken cancellationToken)
    {
        var photos = new List<(string, FilePart)>();
        if (Find(context, CompareItems.TargetSlot) is { } target)
        {
            photos.Add((FirstPhoto, await FilePart.OpenAsync(FirstPhoto, target, cancellationToken)));
        }

        foreach (var file in files) photos.Add((SecondPhoto, file));
        if (files.Count == 0 && Find(context, ItemFiles.ItemSlot) is { } itemFile)
        {
            photos.Add((SecondPhoto, await FilePart.OpenAsync(SecondPhoto, itemFile, cancellationToken)));
        }

        return photos;
    }

    private static TaskPayload? Find(TaskContext context, string slot) => context.Payloads.FirstOrDefault(payload => payload.Slot == slot);

    private static Dictionary<string, JsonElement> Pair(JsonDocument? item, JsonDocument? config)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var name in (ReadOnlySpan<string>)["person1", "face1", "person2", "face2"]) Copy(item, name, fields, name);
        Copy(config, "threshold", fields, "threshold");
        return fields;
    }

    private static Dictionary<string, JsonElement> OneToMany(JsonDocument? item, JsonDocument? config)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        Copy(config, "target_person", fields, "person1");
        Copy(config, "target_face", fields, "face1");
        Copy(item, "person", fields, "person2");
        Copy(item, "face", fields, "face2");
        Copy(config, "threshold", fields, "threshold");
        return fields;
    }

    private static void Copy(JsonDocument? from, string name, Dictionary<string, JsonElement> fields, string to)
    {
        if (from is { RootElement: { ValueKind: JsonValueKind.Object } root } && root.TryGetProperty(name, out var value)
            && value.ValueKind != JsonValueKind.Null)
        {
            fields[to] = value;
        }
    }

    private static string? MissingSide(IReadOnlyList<(string Field, FilePart Photo)> photos, Dictionary<string, JsonElement> fields)
    {
        if (!fields.ContainsKey("person1") && !photos.Any(photo => photo.Field == FirstPhoto)) return "first";
        return !fields.ContainsKey("person2") && !photos.Any(photo => photo.Field == SecondPhoto) ? "second" : null;
    }

    private static byte[] Write(Dictionary<string, JsonElement> fields) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    });

    // What stands in quotes is a client's own text.
    [GeneratedRegex(@"(?<![\w'.])(?<what>image|person|face)(?<side>[12])(?![\w'])")]
    private static partial Regex ServiceField();
}
