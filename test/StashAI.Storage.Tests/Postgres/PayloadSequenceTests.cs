using System.Globalization;
using CsCheck;
using StashAI.Storage.Tests.Contract;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>
/// Generated sequences of uploads and removals, in rows, a shared folder and objects; `STASHAI_SEQUENCES` sets how many (8 without it).
/// </summary>
public sealed class PayloadSequenceTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(PayloadKind.Rows)]
    [InlineData(PayloadKind.Files)]
    [InlineData(PayloadKind.Objects)]
    public async Task Every_payload_has_its_bytes_and_nothing_is_left_behind(PayloadKind kind)
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("STASHAI_SEQUENCES") ?? "8", CultureInfo.InvariantCulture);
        var cancellation = TestContext.Current.CancellationToken;
        await Sqlite.PayloadSequenceTests.Sequences.SampleAsync(
            async steps =>
            {
                await using var host = new PostgresHost(postgres, payloads: kind);
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
