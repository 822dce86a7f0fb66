using StashAI.Sdk;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>The words for whether the tasks of a job take known results.</summary>
internal static class CacheWords
{
    private static readonly string[] Words = ["off", "use", "refresh"];

    public static string Of(ResultCache cache) => Words[(int)cache];

    /// <summary>Null for a text that is no such word.</summary>
    public static ResultCache? Parse(string text) => Array.IndexOf(Words, text) is >= 0 and var index ? (ResultCache)index : null;
}
