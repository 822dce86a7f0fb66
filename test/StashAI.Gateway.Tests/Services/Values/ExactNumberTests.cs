using System.Numerics;
using CsCheck;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>Numbers of any length, against whole numbers of any length.</summary>
public sealed class ExactNumberTests
{
    private static readonly Gen<(BigInteger Digits, int Shift)> Number =
        Gen.Select(
            Gen.Select(Gen.Long, Gen.Long, Gen.Int[0, 2], (a, b, longer) => longer == 0 ? a % 1000 : longer == 1 ? a : (BigInteger)a * b),
            Gen.Int[-30, 30]);

    [Fact]
    public void Numbers_compare_as_they_would_written_out() =>
        Gen.Select(Number, Number, Gen.Int[0, 3]).Sample((one, other, zeros) =>
        {
            var (a, b) = (Read(one, zeros), Read(other, 0));
            Assert.Equal(Math.Sign(Out(one).CompareTo(Out(other))), Math.Sign(a.CompareTo(b)));
            Assert.Equal(0, a.CompareTo(Read(one, 0)));
            Assert.Equal(Out(one) % BigInteger.Pow(10, 40) == 0, a.IsInteger);
        });

    [Theory]
    [InlineData("5", "5")]
    [InlineData("+5", "5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("007", "7")]
    [InlineData("-0", "-0")]
    [InlineData("1e400", "1e400")]
    [InlineData("0.10", "0.10")]
    [InlineData("1E+05", "1E+05")]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData(".", null)]
    [InlineData("e5", null)]
    [InlineData("1e", null)]
    [InlineData("0x10", null)]
    [InlineData("1,000", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("1e9999999999999999", null)]
    [InlineData("١", null)]
    public void A_number_keeps_its_digits(string text, string? expected) => Assert.Equal(expected, ExactNumber.Read(text)?.Text);

    /// <summary>Written as digits with an exponent, and with zeros that change nothing.</summary>
    private static ExactNumber Read((BigInteger Digits, int Shift) number, int zeros) =>
        ExactNumber.Read($"{number.Digits * BigInteger.Pow(10, zeros)}e{number.Shift - zeros}")!.Value;

    /// <summary>Times 10^40, so that nothing stands behind the point.</summary>
    private static BigInteger Out((BigInteger Digits, int Shift) number) => number.Digits * BigInteger.Pow(10, 40 + number.Shift);
}
