using System.Globalization;
using CsCheck;
using StashAI.Storage.Tests.Contract;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>Generated sequences against the model; `STASHAI_SEQUENCES` sets how many (200 without it).</summary>
public sealed class GeneratedSequenceTests
{
    private static readonly Gen<QueueStep[]> Sequences =
        Gen.Select(Gen.Int[0, 28], Gen.Int[0, 999], Gen.Int[0, 999], (what, a, b) => new QueueStep(what, a, b)).Array[5, 60];

    [Fact]
    public async Task The_store_does_what_the_model_does()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("STASHAI_SEQUENCES") ?? "200", CultureInfo.InvariantCulture);
        var cancellation = TestContext.Current.CancellationToken;
        var template = await TemplateAsync(cancellation);
        await Sequences.SampleAsync(
            async steps =>
            {
                await using var host = new SqliteHost(template);
                await new QueueSequence(host).RunAsync(steps, cancellation);
            },
            iter: count,
            print: steps => string.Join(", ", steps.Select(step => $"new({step.What}, {step.A}, {step.B})")));
    }

    private static async Task<byte[]> TemplateAsync(CancellationToken cancellation)
    {
        await using var host = new SqliteHost();
        await (await host.OpenAsync(TimeProvider.System, cancellation)).DisposeAsync();
        return await File.ReadAllBytesAsync(host.Path, cancellation);
    }
}
