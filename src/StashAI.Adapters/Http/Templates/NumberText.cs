using System.Globalization;

namespace StashAI.Adapters.Http.Templates;

/// <summary>Writes numbers that a template calculated.</summary>
internal static class NumberText
{
    public static string Of(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
