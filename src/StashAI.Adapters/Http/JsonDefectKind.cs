namespace StashAI.Adapters.Http;

/// <summary>Why a text is not one JSON value.</summary>
internal enum JsonDefectKind
{
    /// <summary>A character that cannot be there.</summary>
    Unexpected,

    /// <summary>The text ends in the middle of a value.</summary>
    EndsEarly,

    /// <summary>A value is followed by more text.</summary>
    SeveralValues,

    /// <summary>More objects and arrays inside each other than are read.</summary>
    TooDeep,

    /// <summary>The number <c>NaN</c>, which JSON does not have.</summary>
    NaN,

    /// <summary>The number <c>Infinity</c>, which JSON does not have.</summary>
    Infinity,

    /// <summary>The number <c>-Infinity</c>, which JSON does not have.</summary>
    NegativeInfinity,
}
