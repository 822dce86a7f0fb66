using System.Text;
using System.Text.Json;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>
/// The texts of items that are texts, or that ask a language model, so that people recognize them. They are read from inputs that were read
/// with their tasks, and are not stored again: an item that is not kept in its row because it is large has none.
/// </summary>
internal static class ItemTexts
{
    public const string Field = "item_text";

    /// <summary>How many characters of a text lists show.</summary>
    public const int HeadLength = 80;

    /// <summary>The members of an item that may hold a text, in this order.</summary>
    private static readonly string[] Members = ["messages", "prompt", "input", "text", "q", "query"];

    /// <summary>Those of an item that asks a language model.</summary>
    private static readonly string[] Asking = ["messages", "prompt", "input"];

    /// <summary>Writes the beginning of the text of a task's item; nothing for an item without one.</summary>
    public static void Write(Utf8JsonWriter json, TaskView task)
    {
        if (HeadOf(task) is { } head) json.WriteString(Field, head);
    }

    /// <summary>
    /// The first <see cref="HeadLength"/> characters of the text of a task's item in one line; null for none. A text that is longer ends
    /// with an ellipsis.
    /// </summary>
    public static string? HeadOf(TaskView task) => Read(task, Members) is { } text ? Head(text) : null;

    /// <summary>
    /// What an item asks a language model: the item if it is a text; else its last message of a user, its <c>prompt</c> or its
    /// <c>input</c>, of which only texts count. Null for none.
    /// </summary>
    public static string? PromptOf(TaskView task) => Read(task, Asking);

    private static string? Read(TaskView task, string[] members)
    {
        if (task.Input.IsEmpty) return null;
        try
        {
            using var item = JsonDocument.Parse(task.Input);
            return OfItem(item.RootElement, members);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It has half of a surrogate pair, which is no text.
            return null;
        }
    }

    private static string? OfItem(JsonElement item, string[] members)
    {
        if (item.ValueKind != JsonValueKind.Object) return Text(item);
        foreach (var member in members)
        {
            if (!item.TryGetProperty(member, out var asked)) continue;
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

    /// <summary>
    /// The beginning of a text in one line; null for one without a visible character, and for the bytes of a file as text.
    /// </summary>
    private static string? Head(string text)
    {
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return null;
        var head = new StringBuilder(HeadLength);
        var (count, isSpace) = (0, false);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                isSpace = count > 0;
                continue;
            }

            var added = isSpace ? 2 : 1;
            if (count + added > HeadLength) return Shortened(head);
            if (isSpace) head.Append(' ');
            head.Append(rune);
            (count, isSpace) = (count + added, false);
        }

        return count == 0 ? null : head.ToString();
    }

    /// <summary>The text with an ellipsis instead of its last character.</summary>
    private static string Shortened(StringBuilder head)
    {
        var end = char.IsLowSurrogate(head[^1]) ? 2 : 1;
        return head.Remove(head.Length - end, end).Append('…').ToString();
    }
}
