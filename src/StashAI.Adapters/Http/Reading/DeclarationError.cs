using System.Globalization;

namespace StashAI.Adapters.Http.Reading;

/// <summary>A fault of a declaration.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record DeclarationError(int Line, int Column, string Message)
{
    /// <summary>`line:column: message`, as compilers write it behind the file's name.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}: {Message}");
}
