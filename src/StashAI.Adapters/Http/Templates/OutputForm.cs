namespace StashAI.Adapters.Http.Templates;

/// <summary>What an output of a template becomes.</summary>
internal enum OutputForm
{
    /// <summary>Plain text; a file is its base64.</summary>
    Text,

    /// <summary>Plain text; a file is refused.</summary>
    TextWithoutFiles,

    /// <summary>Text that stays inside of one segment of a path.</summary>
    PathSegment,

    /// <summary>JSON.</summary>
    Json,
}
