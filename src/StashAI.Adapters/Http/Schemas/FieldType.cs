namespace StashAI.Adapters.Http.Schemas;

/// <summary>What a field of an item or of a configuration holds; declarations use the names of JSON Schema.</summary>
public enum FieldType
{
    /// <summary>Any JSON value.</summary>
    Any,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A text that is never shown again; only keys of a configuration.</summary>
    Secret,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An object with known properties.</summary>
    Record,

    /// <summary>A list.</summary>
    Array,

    /// <summary>Bytes: base64 in JSON, a part of a form, a URL, or a path under an allowed folder.</summary>
    File,
}
