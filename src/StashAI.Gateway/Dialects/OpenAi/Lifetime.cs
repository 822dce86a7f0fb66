using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>Reads how long a file is kept: <c>{"anchor":"created_at","seconds":3600}</c>.</summary>
internal static class Lifetime
{
    /// <summary>The shortest, in seconds.</summary>
    public const long Least = 3600;

    /// <summary>The longest, in seconds.</summary>
    public const long Most = 2_592_000;

    /// <summary>The time of a field that is an object; null when it is missing.</summary>
    public static TimeSpan? Read(JsonFields root, string name)
    {
        if (root.Object(name) is not { } value) return null;
        var fields = new JsonFields(name, value);
        return Of(fields.Text("anchor"), fields.LongInteger("seconds", Least, Most), $"{name}.anchor", $"{name}.seconds")
            ?? throw RequestException.Missing($"{name}.anchor", $"{name} is empty: send anchor, which is created_at, and seconds.");
    }

    /// <summary>The time of an anchor and seconds, of which both or none are given.</summary>
    /// <param name="anchor">The anchor; null for none.</param>
    /// <param name="seconds">The seconds; null for none.</param>
    /// <param name="anchorField">The field of the anchor, as the client writes it.</param>
    /// <param name="secondsField">The field of the seconds.</param>
    public static TimeSpan? Of(string? anchor, long? seconds, string anchorField, string secondsField)
    {
        if (anchor is null && seconds is null) return null;
        if (anchor != "created_at") throw RequestException.Invalid(anchorField, "must be created_at.");
        return seconds is { } count
            ? TimeSpan.FromSeconds(count)
            : throw RequestException.Missing(secondsField, $"{secondsField} is missing: send {Least} to {Most} seconds.");
    }
}
