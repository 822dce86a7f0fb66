using System.Globalization;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Adds up the numbers of many results without rounding. Nearly all of them are small whole numbers, which cost no text and no memory here.
/// </summary>
internal sealed class NumberSum
{
    private List<ExactNumber>? others;
    private long whole;
    private bool hasNumbers;

    /// <summary>The sum as JSON; null when there was no number.</summary>
    public string? Text => !hasNumbers ? null
        : others is null ? whole.ToString(CultureInfo.InvariantCulture)
        : ExactSum.Of([.. others, ExactNumber.Of(whole)]).Text;

    /// <summary>Adds the number at which the reader is.</summary>
    public void Add(ref Utf8JsonReader number)
    {
        if (!number.TryGetInt64(out var next))
        {
            if (ExactNumber.Read(Encoding.UTF8.GetString(number.ValueSpan)) is not { } exact) return;
            (others ??= []).Add(exact);
            hasNumbers = true;
            return;
        }

        hasNumbers = true;
        var sum = unchecked(whole + next);
        if (((whole ^ sum) & (next ^ sum)) >= 0)
        {
            whole = sum;
            return;
        }

        (others ??= []).Add(ExactNumber.Of(whole));
        whole = next;
    }
}
