using System.Globalization;
using System.Numerics;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// A sum without rounding. It ignores numbers that have more than 400 digits when written out, since a number such as 1e999999 would fill
/// the memory.
/// </summary>
internal sealed class ExactSum
{
    private const int MaxDigits = 400;

    /// <summary>The significant digits of a mean, which may have infinitely many.</summary>
    private const int MeanDigits = 17;

    private readonly BigInteger digits;
    private readonly int scale;

    private ExactSum(BigInteger digits, int scale, int count) =>
        (this.digits, this.scale, Count, Text) = (digits, scale, count, Write(digits, scale));

    /// <summary>How many numbers were added.</summary>
    public int Count { get; }

    /// <summary>The sum as JSON.</summary>
    public string Text { get; }

    public static ExactSum Of(IReadOnlyList<ExactNumber> numbers)
    {
        var (sum, scale, count) = (BigInteger.Zero, 0, 0);
        foreach (var number in numbers)
        {
            if (number.ToScaled(MaxDigits) is not { } scaled) continue;
            if (scaled.Scale > scale) (sum, scale) = (sum * BigInteger.Pow(10, scaled.Scale - scale), scaled.Scale);
            sum += scaled.Digits * BigInteger.Pow(10, scale - scaled.Scale);
            count++;
        }

        return new ExactSum(sum, scale, count);
    }

    /// <summary>The sum divided by a count, with at least 17 significant digits.</summary>
    public string Mean(long count)
    {
        var length = BigInteger.Abs(digits / count).ToString(CultureInfo.InvariantCulture).Length;
        var extraDigits = Math.Max(MeanDigits - length + 1, MeanDigits);
        var scaled = digits * BigInteger.Pow(10, extraDigits);
        var half = scaled.Sign * (count / 2);
        return Write((scaled + half) / count, scale + extraDigits);
    }

    private static string Write(BigInteger digits, int scale)
    {
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var integer = text[..^scale];
        var fraction = text[^scale..].TrimEnd('0');
        var sign = digits.Sign < 0 ? "-" : "";
        return fraction.Length == 0 ? sign + integer : $"{sign}{integer}.{fraction}";
    }
}
