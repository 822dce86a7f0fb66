namespace StashAI.Gateway.Intake;

/// <summary>What <see cref="JsonScanner.Read"/> found. Commas, colons and whitespace are checked but not reported.</summary>
internal enum JsonToken : byte
{
    /// <summary>The input is used up; more bytes are needed.</summary>
    None,
    StartObject,
    EndObject,
    StartArray,
    EndArray,
    NameStart,
    NamePiece,
    NameEnd,
    StringStart,
    StringPiece,
    StringEnd,
    NumberStart,
    NumberPiece,

    /// <summary><c>true</c>, <c>false</c> or <c>null</c>, always in one piece.</summary>
    Literal,
}
