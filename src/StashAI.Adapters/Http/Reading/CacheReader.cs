using StashAI.Sdk;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads whether jobs that do not say take known results.</summary>
internal static class CacheReader
{
    /// <summary>The key of a declaration, of an operation, and of a job's configuration.</summary>
    public const string Key = "cache";

    /// <summary>What the operation says, or else its service.</summary>
    public static ResultCache Read(YamlMap service, YamlMap? operation)
    {
        // Both are read: a key that no code has read is unknown.
        var (own, ofService) = (Read(operation), Read(service));
        return own ?? ofService ?? ResultCache.Off;
    }

    private static ResultCache? Read(YamlMap? map)
    {
        switch (map?.Text(Key))
        {
            case null:
                return null;
            case "off":
                return ResultCache.Off;
            case "use":
                return ResultCache.Use;
            case "refresh":
                return ResultCache.Refresh;
            default:
                map.Invalid(Key, "off, use or refresh");
                return null;
        }
    }
}
