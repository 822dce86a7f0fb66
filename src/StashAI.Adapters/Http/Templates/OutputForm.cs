namespace StashAI.Adapters.Http.Templates;

/// <summary>The form in which the outputs of a template are written.</summary>
internal enum OutputForm
{
    /// <summary>Plain text; a file is written as base64.</summary>
    Text,

    /// <summary>Plain text; a file is refused.</summary>
    TextWithoutFiles,

    /// <summary>Text that is escaped to stay within one segment of a path.</summary>
    PathSegment,

    /// <summary>JSON.</summary>
    Json,
}
