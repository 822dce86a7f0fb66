using System.Globalization;
using System.Text;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Adds numbers up: the aggregate is the sum.</summary>
internal sealed class SumFold : IResultFold
{
    public ReadOnlyMemory<byte> Map(int ordinal, ReadOnlyMemory<byte> output) => output;

    public ReadOnlyMemory<byte> Merge(IReadOnlyList<ReadOnlyMemory<byte>> aggregates) =>
        Text(aggregates.Sum(json => int.Parse(Encoding.UTF8.GetString(json.Span), CultureInfo.InvariantCulture)));

    public ResultPart Part(int number) => new(this, Text(number));

    private static byte[] Text(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
