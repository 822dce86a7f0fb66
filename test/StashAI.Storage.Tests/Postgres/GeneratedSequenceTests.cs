using System.Globalization;
using CsCheck;
using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>Generated sequences against the model; `STASHAI_SEQUENCES` sets how many (20 without it: each makes a database).</summary>
public sealed class GeneratedSequenceTests(PostgresFixture postgres)
{
    private static readonly Gen<QueueStep[]> Sequences =
        Gen.Select(Gen.Int[0, 28], Gen.Int[0, 999], Gen.Int[0, 999], (what, a, b) => new QueueStep(what, a, b)).Array[5, 60];

    [Fact]
    public async Task The_store_does_what_the_model_does()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("STASHAI_SEQUENCES") ?? "20", CultureInfo.InvariantCulture);
        var cancellation = TestContext.Current.CancellationToken;
        await Sequences.SampleAsync(
            async steps =>
            {
                await using var host = new PostgresHost(postgres);
                await new QueueSequence(host).RunAsync(steps, cancellation);
            },
            iter: count,
            threads: 2,
            print: steps => string.Join(", ", steps.Select(step => $"new({step.What}, {step.A}, {step.B})")));
    }
}
