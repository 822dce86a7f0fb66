using System.Globalization;

namespace StashAI.Adapters.Http.Reading;

/// <summary>An error in a declaration.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is wrong and how to fix it.</param>
public sealed record DeclarationError(int Line, int Column, string Message)
{
    /// <summary><c>line:column: message</c>, as compilers write it after the file name.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}: {Message}");
}
