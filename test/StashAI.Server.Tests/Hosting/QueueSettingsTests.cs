using Microsoft.Extensions.Configuration;
using StashAI.Queue.Policies;
using StashAI.Server.Exits;
using StashAI.Server.Hosting;

namespace StashAI.Server.Tests.Hosting;

public sealed class QueueSettingsTests
{
    [Fact]
    public void Labels_of_a_worker_come_from_the_environment()
    {
        Assert.Equal("fast,gpu", QueueSettings.From(With("WORKER_LABELS", " gpu, fast ,"), 2).Labels.ToString());
        Assert.Same(LabelSet.Empty, QueueSettings.From(With("WORKER_LABELS", ""), 2).Labels);
    }

    [Fact]
    public void A_label_that_cannot_be_is_refused_in_one_sentence()
    {
        var error = Assert.Throws<StartException>(() => QueueSettings.From(With("WORKER_LABELS", "gpu,big one"), 2));

        Assert.Contains("WORKER_LABELS", error.Message, StringComparison.Ordinal);
        Assert.Contains("'big one'", error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration With(string name, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();
}
