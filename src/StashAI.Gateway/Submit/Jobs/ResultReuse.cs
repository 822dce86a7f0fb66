using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>Whether the tasks of a job take known results (<c>cache</c>).</summary>
internal static class ResultReuse
{
    /// <summary>The field.</summary>
    public const string Field = "cache";

    /// <summary>What a client asks for; null when it does not say.</summary>
    public static ResultCache? Read(JsonFields fields) => fields.Text(Field) switch
    {
        null => null,
        var text => CacheWords.Parse(text) ?? throw fields.Invalid(Field, "must be off, use or refresh."),
    };

    /// <summary>What holds for a job of an operation.</summary>
    /// <param name="asked">What the client asks for; null when it does not say.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="field">The field in which the client says it.</param>
    /// <exception cref="RequestException">Results of the operation are not reused.</exception>
    public static ResultCache Of(ResultCache? asked, AdapterOperation operation, string field = $"config.{Field}")
    {
        if (operation.ResultVersion is not null) return asked ?? operation.Cache;
        if (asked is null or ResultCache.Off) return ResultCache.Off;
        throw RequestException.Invalid(
            field,
            $"'{CacheWords.Of(asked.Value)}' is not possible: "
            + (operation.ReuseRefusal ?? $"the service does not say what results of {operation.Name} depend on.") + " Leave it out.");
    }
}
