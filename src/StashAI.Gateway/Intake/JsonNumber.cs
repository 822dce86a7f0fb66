namespace StashAI.Gateway.Intake;

/// <summary>The number grammar of RFC 8259 as an automaton that can be fed in parts.</summary>
internal sealed class JsonNumber
{
    private Part part;

    private enum Part : byte
    {
        Start,
        Minus,
        Zero,
        Integer,
        Point,
        Fraction,
        Exponent,
        ExponentSign,
        ExponentDigits,
    }

    /// <summary>True when what was accepted so far is a number.</summary>
    public bool IsComplete => part is Part.Zero or Part.Integer or Part.Fraction or Part.ExponentDigits;

    public void Start() => part = Part.Start;

    /// <summary>Accepts the bytes that continue the number; returns how many.</summary>
    public int Accept(ReadOnlySpan<byte> input)
    {
        for (var i = 0; i < input.Length; i++)
        {
            if (Next(input[i]) is not { } part)
            {
                return i;
            }

            this.part = part;
        }

        return input.Length;
    }

    private Part? Next(byte value)
    {
        var digit = value is >= (byte)'0' and <= (byte)'9';
        return part switch
        {
            Part.Start when value == '-' => Part.Minus,
            Part.Start or Part.Minus when digit => value == '0' ? Part.Zero : Part.Integer,
            Part.Integer when digit => Part.Integer,
            Part.Zero or Part.Integer when value == '.' => Part.Point,
            Part.Point or Part.Fraction when digit => Part.Fraction,
            Part.Zero or Part.Integer or Part.Fraction when value is (byte)'e' or (byte)'E' => Part.Exponent,
            Part.Exponent when value is (byte)'+' or (byte)'-' => Part.ExponentSign,
            Part.Exponent or Part.ExponentSign or Part.ExponentDigits when digit => Part.ExponentDigits,
            _ => null,
        };
    }
}
