using System.Globalization;
using CsCheck;
using StashAI.Storage.Tests.Contract;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>
/// Generated sequences of uploads and removals, in rows, files and objects; `STASHAI_SEQUENCES` sets how many (12 without it).
/// </summary>
public sealed class PayloadSequenceTests
{
    internal static Gen<QueueStep[]> Sequences { get; } =
        Gen.Select(Gen.Int[0, 22], Gen.Int[0, 999], Gen.Int[0, 999], (what, a, b) => new QueueStep(what, a, b)).Array[5, 40];

    [Theory]
    [InlineData(PayloadKind.Rows)]
    [InlineData(PayloadKind.Files)]
    [InlineData(PayloadKind.Objects)]
    public async Task Every_payload_has_its_bytes_and_nothing_is_left_behind(PayloadKind kind)
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("STASHAI_SEQUENCES") ?? "12", CultureInfo.InvariantCulture);
        var cancellation = TestContext.Current.CancellationToken;
        await Sequences.SampleAsync(
            async steps =>
            {
                await using var host = new SqliteHost(kind);
                host.Keeping.RollSize = 150_000;
                // So large an object is in parts.
                host.Keeping.PartSize = 100_000;
                await new PayloadSequence(host).RunAsync(steps, cancellation);
            },
            iter: count,
            threads: 2,
            print: steps => string.Join(", ", steps.Select(step => $"new({step.What}, {step.A}, {step.B})")));
    }
}
