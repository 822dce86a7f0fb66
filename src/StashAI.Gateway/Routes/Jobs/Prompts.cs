using System.Text.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>
/// What the items of a job ask a language model, beside their results. It is read from the items, which are read with the results, and is
/// not stored again.
/// </summary>
/// <param name="areShown">True for a job of an operation that asks a language model.</param>
internal sealed class Prompts(bool areShown)
{
    public const string Field = "prompt";

    /// <summary>True when results of the job have a prompt.</summary>
    public bool AreShown => areShown;

    /// <summary>The prompts of a job.</summary>
    public static Prompts Of(JobView job, Operations operations) => new(operations.AskModel(job.Service, job.TaskType));

    /// <summary>Writes the prompt of a task, where its job has prompts.</summary>
    public void Write(Utf8JsonWriter json, TaskView task)
    {
        if (areShown) json.WriteString(Field, Of(task));
    }

    /// <summary>
    /// The item if it is a text; else its last message of a user, its <c>prompt</c> or its <c>input</c>, of which only texts count. Null
    /// where there is none, and for an item that is not kept in its row because it is large.
    /// </summary>
    public string? Of(TaskView task)
    {
        if (!areShown || task.Input.IsEmpty) return null;
        try
        {
            using var item = JsonDocument.Parse(task.Input);
            return OfItem(item.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It has half of a surrogate pair, which is no text.
            return null;
        }
    }

    private static string? OfItem(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return Text(item);
        foreach (var field in (ReadOnlySpan<string>)["messages", "prompt", "input"])
        {
            if (!item.TryGetProperty(field, out var asked)) continue;
            if (asked.ValueKind == JsonValueKind.Array && LastOfUser(asked) is { } content) return Text(content);
            return Text(asked);
        }

        return null;
    }

    private static JsonElement? LastOfUser(JsonElement messages)
    {
        JsonElement? last = null;
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("role", out var role)) continue;
            if (role.ValueKind != JsonValueKind.String || !role.ValueEquals("user"u8)) continue;
            if (message.TryGetProperty("content", out var content)) last = content;
        }

        return last;
    }

    /// <summary>A text, or the texts of a list and of its parts, one a line; null without any.</summary>
    private static string? Text(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        if (value.ValueKind != JsonValueKind.Array) return null;
        var texts = value.EnumerateArray()
            .Select(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) ? text : part)
            .Where(part => part.ValueKind == JsonValueKind.String).Select(part => part.GetString()).ToList();
        return texts.Count == 0 ? null : string.Join('\n', texts);
    }
}
