using System.Globalization;
using System.Text;
using StashAI.Queue.Store;
using StashAI.Sdk;
using static StashAI.Queue.Tests.Maintenance.JudgedNumbers;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>Results that are numbers, what folds them and what they show.</summary>
internal static class JudgedNumbers
{
    /// <summary>More than two steps.</summary>
    public const int Tasks = (2 * IRematches.MaxResults) + 7;

    public static byte[] Number(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    public static int Read(ReadOnlyMemory<byte> json) => int.Parse(Encoding.UTF8.GetString(json.Span), CultureInfo.InvariantCulture);
}

/// <summary>A result shows its number.</summary>
internal sealed class NumberShown : IResultSubjects
{
    public static NumberShown Instance { get; } = new();

    public IReadOnlyList<ResultSubject> Read(ReadOnlyMemory<byte> output) => [new(Encoding.UTF8.GetString(output.Span), Tasks)];
}

internal sealed class NumberSum : IResultFold
{
    public static NumberSum Instance { get; } = new();

    public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output) => output;

    public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates) => Number(aggregates.Sum(Read));
}
