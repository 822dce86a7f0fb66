namespace StashAI.Bench;

/// <summary>Samples in their order.</summary>
internal sealed class Quantiles
{
    private readonly double[] sorted;

    public Quantiles(IEnumerable<double> samples) => sorted = [.. samples.Order()];

    public double Median => At(0.5);

    public double Longest => sorted[^1];

    /// <summary>The sample below which this part of them lies, 0 to 1.</summary>
    public double At(double part) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
}
