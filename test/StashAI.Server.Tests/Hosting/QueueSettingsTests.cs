using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StashAI.Hosting.Settings;
using StashAI.Queue.Policies;
using StashAI.Queue.Settings;
using StashAI.Server.Hosting;

namespace StashAI.Server.Tests.Hosting;

public sealed class QueueSettingsTests
{
    [Fact]
    public void Labels_of_a_worker_come_from_the_environment()
    {
        Assert.Equal("fast,gpu", Read(With("WORKER_LABELS", " gpu, fast ,")).Labels.ToString());
        Assert.Same(LabelSet.Empty, Read(With("WORKER_LABELS", "")).Labels);
    }

    [Fact]
    public void A_label_that_cannot_be_is_refused_in_one_sentence()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(With("WORKER_LABELS", "gpu,big one")));

        Assert.Contains("WORKER_LABELS", error.Message, StringComparison.Ordinal);
        Assert.Contains("'big one'", error.Message, StringComparison.Ordinal);
    }

    private static QueueOptions Read(IConfiguration settings) => SettingsReader.Bind(settings, reader => QueueSettings.Read(reader, 2));

    private static IConfiguration With(string name, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();
}
