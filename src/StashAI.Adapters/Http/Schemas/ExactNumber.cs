using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StashAI.Adapters.Http.Schemas;

/// <summary>A decimal number that is stored and compared digit by digit, without rounding.</summary>
public readonly record struct ExactNumber : IComparable<ExactNumber>
{
    /// <summary>The most digits of an exponent; more are refused.</summary>
    private const int MaxExponentDigits = 15;

    /// <summary>The most characters of a number; longer ones are refused.</summary>
    private const int MaxLength = 1000;

    private readonly bool isNegative;

    /// <summary>The significant digits, without zeros at either end; empty for zero.</summary>
    private readonly string digits;

    /// <summary>
    /// The number of digits before the decimal point; negative for small fractions, larger than the number of digits for large integers.
    /// </summary>
    private readonly long point;

    private ExactNumber(string text, bool isNegative, string digits, long point) =>
        (Text, this.isNegative, this.digits, this.point) = (text, isNegative, digits, point);

    /// <summary>The number as JSON, with the digits as they were written.</summary>
    public string Text { get; }

    /// <summary>True when the number has no fraction.</summary>
    public bool IsInteger => digits.Length <= point || digits.Length == 0;

    /// <summary>Reads a number in JSON's form or as people write it (<c>+5</c>, <c>.5</c>, <c>5.</c>, <c>007</c>).</summary>
    /// <returns>Null when the text is not a number, has more than 1000 characters, or has an exponent of more than 15 digits.</returns>
    public static ExactNumber? Read(string? text)
    {
        if (text?.Length > MaxLength) return null;
        var rest = text.AsSpan().Trim(' ');
        var isNegative = rest.StartsWith("-");
        if (isNegative || rest.StartsWith("+")) rest = rest[1..];
        var beforePoint = Digits(ref rest);
        var fraction = "";
        if (rest.StartsWith("."))
        {
            rest = rest[1..];
            fraction = Digits(ref rest);
        }

        if (beforePoint.Length + fraction.Length == 0 || !TryReadExponent(rest, out var exponent)) return null;
        var integer = beforePoint.TrimStart('0');
        var json = new StringBuilder().Append(isNegative ? "-" : "").Append(integer.Length == 0 ? "0" : integer);
        if (fraction.Length > 0) json.Append('.').Append(fraction);
        json.Append(rest);
        var all = (beforePoint + fraction).TrimStart('0');
        var point = beforePoint.Length + exponent - (beforePoint.Length + fraction.Length - all.Length);
        var significant = all.TrimEnd('0');
        return new ExactNumber(json.ToString(), isNegative, significant, significant.Length == 0 ? 0 : point);
    }

    /// <summary>The number of a JSON value; null when the value is not a number.</summary>
    public static ExactNumber? Of(JsonElement value) => value.ValueKind == JsonValueKind.Number ? Read(value.GetRawText()) : null;

    /// <inheritdoc cref="Read"/>
    public static ExactNumber Of(long value) => Read(value.ToString(CultureInfo.InvariantCulture))!.Value;

    /// <summary>The number as a decimal; null when it cannot be represented exactly.</summary>
    public decimal? ToDecimal()
    {
        if (Math.Abs(point) > 40 || digits.Length > 29) return digits.Length == 0 ? 0 : null;
        return decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && Read(number.ToString(CultureInfo.InvariantCulture)) is { } roundTripped && roundTripped.CompareTo(this) == 0 ? number : null;
    }

    /// <summary>
    /// The digits as an integer, and how many of them are after the decimal point. Null when the number has more than
    /// <paramref name="maxDigits"/> digits when written out.
    /// </summary>
    public (System.Numerics.BigInteger Digits, int Scale)? ToScaled(int maxDigits)
    {
        if (digits.Length == 0) return (0, 0);
        if (digits.Length > maxDigits || Math.Abs(point) > maxDigits) return null;
        var scale = digits.Length - (int)point;
        var number = System.Numerics.BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (scale < 0) (number, scale) = (number * System.Numerics.BigInteger.Pow(10, -scale), 0);
        return (isNegative ? -number : number, scale);
    }

    /// <inheritdoc/>
    public int CompareTo(ExactNumber other)
    {
        if (Sign != other.Sign) return Sign.CompareTo(other.Sign);
        var magnitude = point != other.point ? point.CompareTo(other.point) : Math.Sign(string.CompareOrdinal(digits, other.digits));
        return isNegative ? -magnitude : magnitude;
    }

    /// <summary>True for equal numbers, even if they are written differently.</summary>
    public bool Equals(ExactNumber other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sign, digits, point);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <inheritdoc/>
    public static bool operator <(ExactNumber left, ExactNumber right) => left.CompareTo(right) < 0;

    /// <inheritdoc/>
    public static bool operator >(ExactNumber left, ExactNumber right) => left.CompareTo(right) > 0;

    /// <inheritdoc/>
    public static bool operator <=(ExactNumber left, ExactNumber right) => left.CompareTo(right) <= 0;

    /// <inheritdoc/>
    public static bool operator >=(ExactNumber left, ExactNumber right) => left.CompareTo(right) >= 0;

    private int Sign => digits.Length == 0 ? 0 : isNegative ? -1 : 1;

    private static string Digits(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        var digits = (end < 0 ? rest : rest[..end]).ToString();
        rest = rest[digits.Length..];
        return digits;
    }

    private static bool TryReadExponent(ReadOnlySpan<char> text, out long exponent)
    {
        exponent = 0;
        if (text.IsEmpty) return true;
        if (text[0] is not ('e' or 'E')) return false;
        var number = text[1..];
        var isNegative = number.StartsWith("-");
        if (isNegative || number.StartsWith("+")) number = number[1..];
        if (number.IsEmpty || number.IndexOfAnyExceptInRange('0', '9') >= 0) return false;
        number = number.TrimStart('0');
        if (number.Length > MaxExponentDigits) return false;
        if (!number.IsEmpty) exponent = long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture) * (isNegative ? -1 : 1);
        return true;
    }
}
