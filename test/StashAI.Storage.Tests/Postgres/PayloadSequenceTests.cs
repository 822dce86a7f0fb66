using System.Globalization;
using CsCheck;
using StashAI.Storage.Payloads.Files;
using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>
/// Generated sequences of uploads and removals, in a shared folder and in rows; `STASHAI_SEQUENCES` sets how many (8 without it).
/// </summary>
public sealed class PayloadSequenceTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_payload_has_its_bytes_and_nothing_is_left_behind(bool inFiles)
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("STASHAI_SEQUENCES") ?? "8", CultureInfo.InvariantCulture);
        var cancellation = TestContext.Current.CancellationToken;
        await Sqlite.PayloadSequenceTests.Sequences.SampleAsync(
            async steps =>
            {
                await using var host = new PostgresHost(postgres)
                {
                    UsesPayloadFiles = inFiles,
                    MakeDisk = folder => new SegmentDisk(folder) { RollSize = 150_000 },
                };
                await new PayloadSequence(host).RunAsync(steps, cancellation);
            },
            iter: count,
            threads: 2,
            print: steps => string.Join(", ", steps.Select(step => $"new({step.What}, {step.A}, {step.B})")));
    }
}
