using System.Globalization;

namespace StashAI.Adapters.Http.Templates;

/// <summary>Numbers that a template calculated, as text.</summary>
internal static class NumberText
{
    public static string Of(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
