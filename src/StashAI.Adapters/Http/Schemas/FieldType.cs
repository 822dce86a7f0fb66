namespace StashAI.Adapters.Http.Schemas;

/// <summary>The type of a field of an item or of a configuration. Declarations use the names of JSON Schema.</summary>
public enum FieldType
{
    /// <summary>Any JSON value.</summary>
    Any,

    /// <summary>A text (<c>string</c>).</summary>
    Text,

    /// <summary>A text that is never shown again; only for configuration keys.</summary>
    Secret,

    /// <summary>A whole number (<c>integer</c>).</summary>
    WholeNumber,

    Number,

    Boolean,

    /// <summary>An object with known properties (<c>object</c>).</summary>
    Record,

    Array,

    /// <summary>Bytes, sent as base64 in JSON, as a part of a form, as a URL, or as a path under an allowed folder.</summary>
    File,
}
